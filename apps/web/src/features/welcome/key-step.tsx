import CircleCheck from 'lucide-solid/icons/circle-check';
import Plus from 'lucide-solid/icons/plus';
import { createSignal, lazy, Show, Suspense } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorState, Notice } from '../../ui/states.tsx';
import { createPoolQuery, listDomains } from '../provider-keys/key-list.ts';
import { KeyTextProvider } from '../provider-keys/key-text.ts';
import type { KeyList } from '../provider-keys/key-types.ts';
import { useWelcomeText } from './welcome-text.ts';

const AddDialog = lazy(async () => ({
  default: (await import('../provider-keys/add-dialog.tsx')).AddDialog,
}));

function Pool(props: { list: KeyList; onAdd: () => void }): JSX.Element {
  const { t } = useWelcomeText();
  const { locale } = useI18n();
  const isEmpty = () => props.list.items.length === 0;
  const names = () => new Intl.ListFormat(locale()).format(props.list.items.map(({ name }) => name));
  return (
    <>
      <Show when={!isEmpty()}>
        <Notice tone="success" icon={<CircleCheck aria-hidden="true" />}>
          <p>{t('key.there', { names: names() })}</p>
        </Notice>
      </Show>
      <Show when={props.list.canStore} fallback={<p class="text-table text-text-2">{t('key.noKeyring')}</p>}>
        <Button
          class="self-start"
          variant={isEmpty() ? 'primary' : 'secondary'}
          onClick={() => props.onAdd()}
        >
          <Plus aria-hidden="true" class="size-4" />
          {t('key.add')}
        </Button>
      </Show>
    </>
  );
}

/** A key of the provider, tested before it is stored. */
export function KeyStep(): JSX.Element {
  const { t } = useWelcomeText();
  const i18n = useI18n();
  const pool = createPoolQuery();
  const [isAdding, setIsAdding] = createSignal(false);
  return (
    <>
      <p class="text-body text-text-2">{t('key.text')}</p>
      <Show when={pool.query.isError && pool.data() === undefined}>
        <ErrorState error={toUiError(pool.query.error, i18n.t)} onRetry={pool.refetch} />
      </Show>
      <Show when={pool.data()}>
        {(list) => (
          <>
            <Pool list={list()} onAdd={() => setIsAdding(true)} />
            <Show when={isAdding()}>
              <Suspense>
                <KeyTextProvider>
                  <AddDialog
                    providers={list().providers}
                    domains={listDomains(list())}
                    onClose={() => setIsAdding(false)}
                    onAdded={() => {
                      setIsAdding(false);
                      pool.refetch();
                    }}
                  />
                </KeyTextProvider>
              </Suspense>
            </Show>
          </>
        )}
      </Show>
      <p class="text-table text-text-2">{t('key.simulator')}</p>
    </>
  );
}

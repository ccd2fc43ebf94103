import { createSignal, For, lazy, Show, Suspense } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ErrorNotice } from '../../ui/states.tsx';
import { useLimitText } from '../budgets/limit-text.ts';
import type { ModelsProps } from './models-dialog.tsx';

const ModelsDialog = lazy(async () => ({ default: (await import('./models-dialog.tsx')).ModelsDialog }));

function Allowed(props: { models: readonly string[] | null }): JSX.Element {
  const { t } = useLimitText();
  return (
    <Show
      when={props.models}
      fallback={
        <p class="flex items-center gap-2 text-body">
          {t('models.all')}
          <Badge tone="neutral">{t('limits.inherited')}</Badge>
        </p>
      }
    >
      {(allowed) => (
        <ul class="flex flex-wrap gap-1.5">
          <For each={allowed()}>
            {(model) => <li class="rounded-chip bg-muted px-2 py-0.5 font-mono text-caption">{model}</li>}
          </For>
        </ul>
      )}
    </Show>
  );
}

/** Which models a user may talk to. */
export function ModelsPanel(props: ModelsProps): JSX.Element {
  const { t } = useLimitText();
  const i18n = useI18n();
  const [isOpen, setIsOpen] = createSignal(false);
  const reset = createAction(() => props.save(null).then(() => true));
  const failure = () => {
    const state = reset.state();
    return state.status === 'failed' ? toUiError(state.error, i18n.t) : null;
  };
  async function resetModels(): Promise<void> {
    if ((await reset.run(undefined)) !== null) props.onSaved();
  }
  return (
    <Panel
      title={t('models.title')}
      aside={
        <Show when={props.canWrite}>
          <span class="flex flex-wrap gap-1">
            <Button size="compact" onClick={() => setIsOpen(true)}>
              {t('models.edit')}
            </Button>
            <Show when={props.allowed !== null}>
              <Button
                size="compact"
                variant="quiet"
                aria-label={t('limits.resetOf', { name: t('models.title') })}
                disabled={reset.state().status === 'running'}
                onClick={() => void resetModels()}
              >
                {t('limits.reset')}
              </Button>
            </Show>
          </span>
        </Show>
      }
    >
      <Allowed models={props.allowed} />
      <Show when={failure()}>{(error) => <ErrorNotice error={error()} />}</Show>
      <Show when={isOpen()}>
        <Suspense>
          <ModelsDialog
            {...props}
            onClose={() => setIsOpen(false)}
            onSaved={() => {
              setIsOpen(false);
              props.onSaved();
            }}
          />
        </Suspense>
      </Show>
    </Panel>
  );
}

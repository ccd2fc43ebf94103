import { createSignal, For, lazy, Show, Suspense } from 'solid-js';
import type { JSX } from 'solid-js';

import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useLimitText } from '../budgets/limit-text.ts';
import type { ModelsProps } from './models-dialog.tsx';

const ModelsDialog = lazy(async () => ({ default: (await import('./models-dialog.tsx')).ModelsDialog }));

/** Which models a user may talk to. */
export function ModelsPanel(props: ModelsProps): JSX.Element {
  const { t } = useLimitText();
  const [isOpen, setIsOpen] = createSignal(false);
  return (
    <Panel
      title={t('models.title')}
      aside={
        <Show when={props.canWrite}>
          <Button size="compact" onClick={() => setIsOpen(true)}>
            {t('models.edit')}
          </Button>
        </Show>
      }
    >
      <Show
        when={props.allowed}
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

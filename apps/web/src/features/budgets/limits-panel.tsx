import RotateCcw from 'lucide-solid/icons/rotate-ccw';
import { createSignal, For, lazy, Show, Suspense } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ErrorNotice } from '../../ui/states.tsx';
import { isTime } from './limit-form.ts';
import { useLimitText } from './limit-text.ts';
import type { LimitName } from './limit-types.ts';
import type { LimitsModel } from './limits-model.ts';

function LimitText(props: { name: LimitName; value: number }): JSX.Element {
  const { format } = useLimitText();
  return (
    <span class="whitespace-nowrap font-mono figures">
      {isTime(props.name) ? format().duration(props.value) : format().integer(props.value)}
    </span>
  );
}

const LimitsDialog = lazy(async () => ({ default: (await import('./limits-dialog.tsx')).LimitsDialog }));

function LimitRow(props: { name: LimitName; model: LimitsModel; onReset: () => void }): JSX.Element {
  const { t } = useLimitText();
  const label = () => t(`limit.${props.name}`);
  return (
    <Show when={props.model.values[props.name]}>
      {(limit) => (
        <tr>
          <th scope="row" class="text-start font-normal text-text-2">
            {label()}
          </th>
          <td class="text-end">
            <LimitText name={props.name} value={limit().value} />
          </td>
          <td>
            <span class="flex flex-wrap items-center gap-x-2 gap-y-1">
              <Badge tone={limit().isOwn ? 'accent' : 'neutral'}>
                {t(limit().isOwn ? props.model.words.own : props.model.words.inherited)}
              </Badge>
              <Show when={limit().isOwn && props.model.canWrite}>
                <Button
                  size="compact"
                  variant="quiet"
                  class="-my-1 !px-1.5"
                  aria-label={t('limits.resetOf', { name: label() })}
                  title={t('limits.reset')}
                  onClick={() => props.onReset()}
                >
                  <RotateCcw aria-hidden="true" class="size-3.5" />
                  {t('limits.reset')}
                </Button>
              </Show>
            </span>
          </td>
        </tr>
      )}
    </Show>
  );
}

function LimitRows(props: { model: LimitsModel; onReset: (name: LimitName) => void }): JSX.Element {
  const { t } = useLimitText();
  return (
    <table class="w-full text-table [&_td]:px-2 [&_td]:py-1.5 [&_th:first-child]:ps-0 [&_th]:px-2 [&_th]:py-1.5">
      <thead class="text-caption text-text-3 [&_th]:font-medium">
        <tr>
          <th scope="col" class="text-start">
            {t('limits.col.limit')}
          </th>
          <th scope="col">
            <span class="block text-end">{t('limits.col.value')}</span>
          </th>
          <th scope="col" class="text-start">
            {t('limits.col.source')}
          </th>
        </tr>
      </thead>
      <tbody class="[&_tr]:border-t [&_tr]:border-border">
        <For each={props.model.names}>
          {(name) => <LimitRow name={name} model={props.model} onReset={() => props.onReset(name)} />}
        </For>
      </tbody>
    </table>
  );
}

/** Limits of someone or of all: each with where it comes from, and the way back to what holds above. */
export function LimitsPanel(props: {
  title: string;
  lead?: string;
  model: LimitsModel;
  onSaved: () => void;
  children?: JSX.Element;
}): JSX.Element {
  const { t } = useLimitText();
  const i18n = useI18n();
  const [isOpen, setIsOpen] = createSignal(false);
  const reset = createAction((name: LimitName) => props.model.save({ [name]: null }).then(() => true));
  const failure = () => {
    const state = reset.state();
    return state.status === 'failed' ? toUiError(state.error, i18n.t) : null;
  };
  async function resetLimit(name: LimitName): Promise<void> {
    if ((await reset.run(name)) !== null) props.onSaved();
  }
  return (
    <Panel
      title={props.title}
      aside={
        <Show when={props.model.canWrite}>
          <Button size="compact" onClick={() => setIsOpen(true)}>
            {t('limits.edit')}
          </Button>
        </Show>
      }
    >
      <Show when={props.lead}>
        <p class="-mt-3 text-table text-text-2">{props.lead}</p>
      </Show>
      <LimitRows model={props.model} onReset={(name) => void resetLimit(name)} />
      <Show when={failure()}>{(error) => <ErrorNotice error={error()} />}</Show>
      {props.children}
      <Show when={isOpen()}>
        <Suspense>
          <LimitsDialog
            model={props.model}
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

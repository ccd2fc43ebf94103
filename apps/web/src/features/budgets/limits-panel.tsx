import RotateCcw from 'lucide-solid/icons/rotate-ccw';
import { createSignal, For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/panel.tsx';
import { ErrorNotice } from '../../ui/states.tsx';
import { findChanges, findLimitProblem, isTime, RANGES, toForm } from './limit-form.ts';
import type { LimitChanges, LimitForm, LimitValues } from './limit-form.ts';
import { useLimitText } from './limit-text.ts';
import type { LimitMessage } from './limit-text.ts';
import type { LimitName } from './limit-types.ts';

export type LimitsModel = {
  names: readonly LimitName[];
  values: LimitValues;
  canWrite: boolean;
  /** What an own and an inherited value are called here. */
  words: { own: LimitMessage; inherited: LimitMessage };
  save: (changes: LimitChanges) => Promise<unknown>;
};

function LimitText(props: { name: LimitName; value: number }): JSX.Element {
  const { format } = useLimitText();
  return (
    <span class="whitespace-nowrap font-mono figures">
      {isTime(props.name) ? format().duration(props.value) : format().integer(props.value)}
    </span>
  );
}

function LimitField(props: {
  name: LimitName;
  model: LimitsModel;
  text: string;
  isWrong: boolean;
  onInput: (text: string) => void;
}): JSX.Element {
  const { t, format } = useLimitText();
  const limit = () => props.model.values[props.name];
  const placeholder = () => {
    const found = limit();
    return found === undefined || found.isOwn
      ? t('limit.inherit')
      : t('limit.default', { value: format().integer(found.value) });
  };
  const error = () => {
    const [from, to] = RANGES[props.name];
    return props.isWrong
      ? t('limit.range', { from: format().integer(from), to: format().integer(to) })
      : null;
  };
  return (
    <TextField
      id={`limit-${props.name}`}
      label={t(`limit.field.${props.name}`)}
      error={error()}
      value={props.text}
      placeholder={placeholder()}
      inputmode="numeric"
      autocomplete="off"
      onInput={(event) => props.onInput(event.currentTarget.value)}
    />
  );
}

function EditDialog(props: { model: LimitsModel; onClose: () => void; onSaved: () => void }): JSX.Element {
  const { t } = useLimitText();
  const i18n = useI18n();
  const before = toForm(props.model.names, props.model.values);
  const [form, setForm] = createSignal<LimitForm>(before);
  const [wrong, setWrong] = createSignal<LimitName | null>(null);
  const request = createAction((changes: LimitChanges) => props.model.save(changes).then(() => true));
  const isBusy = () => request.state().status === 'running';
  const failure = () => {
    const state = request.state();
    return state.status === 'failed' ? toUiError(state.error, i18n.t) : null;
  };
  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const problem = findLimitProblem(props.model.names, form());
    setWrong(problem);
    if (problem !== null) {
      document.querySelector<HTMLElement>(`#limit-${problem}`)?.focus();
      return;
    }
    if ((await request.run(findChanges(props.model.names, before, form()))) !== null) props.onSaved();
  }
  return (
    <Dialog
      title={t('limits.editTitle')}
      lead={t('limits.editLead')}
      isBusy={isBusy()}
      onClose={props.onClose}
    >
      <form class="flex min-h-0 flex-col" novalidate onSubmit={(event) => void submit(event)}>
        <DialogBody>
          <div class="grid gap-4 sm:grid-cols-2">
            <For each={props.model.names}>
              {(name) => (
                <LimitField
                  name={name}
                  model={props.model}
                  text={form()[name] ?? ''}
                  isWrong={wrong() === name}
                  onInput={(text) => setForm({ ...form(), [name]: text })}
                />
              )}
            </For>
          </div>
          <Show when={failure()}>{(error) => <ErrorNotice error={error()} />}</Show>
        </DialogBody>
        <DialogFooter>
          <Button variant="quiet" disabled={isBusy()} onClick={() => props.onClose()}>
            {i18n.t('action.cancel')}
          </Button>
          <Button type="submit" variant="primary" disabled={isBusy()}>
            {t(isBusy() ? 'limits.saving' : 'limits.save')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

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
        <EditDialog
          model={props.model}
          onClose={() => setIsOpen(false)}
          onSaved={() => {
            setIsOpen(false);
            props.onSaved();
          }}
        />
      </Show>
    </Panel>
  );
}

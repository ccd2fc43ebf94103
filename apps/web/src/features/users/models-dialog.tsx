import { useQuery } from '@tanstack/solid-query';
import { createSignal, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Button } from '../../ui/button.tsx';
import { CheckList } from '../../ui/check-list.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/states.tsx';
import { useLimitText } from '../budgets/limit-text.ts';
import { listChoices } from './model-choices.ts';

export type ModelsProps = {
  /** Null: every model. */
  allowed: readonly string[] | null;
  canWrite: boolean;
  save: (models: string[] | null) => Promise<unknown>;
  onSaved: () => void;
};

/** Which models a user may talk to: none chosen is every one. */
export function ModelsDialog(props: ModelsProps & { onClose: () => void }): JSX.Element {
  const { t } = useLimitText();
  const i18n = useI18n();
  const { trpc } = useApi();
  const models = useQuery(() => trpc.models.list.queryOptions());
  const [chosen, setChosen] = createSignal<string[]>([...(props.allowed ?? [])]);
  const options = () => listChoices(findData(models)?.models.map(({ id }) => id) ?? [], props.allowed ?? []);
  const request = createAction((wanted: string[]) =>
    props.save(wanted.length === 0 ? null : wanted).then(() => true),
  );
  const isBusy = () => request.state().status === 'running';
  const failure = () => {
    const state = request.state();
    return state.status === 'failed' ? toUiError(state.error, i18n.t) : null;
  };
  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if ((await request.run(chosen())) !== null) props.onSaved();
  }
  return (
    <Dialog title={t('models.edit')} isBusy={isBusy()} onClose={props.onClose}>
      <form class="flex min-h-0 flex-col" onSubmit={(event) => void submit(event)}>
        <DialogBody>
          <CheckList
            id="user-models"
            label={t('models.title')}
            hint={t('models.hint')}
            options={options().map((value) => ({ value, label: value, isMono: true }))}
            chosen={chosen()}
            class="grid gap-x-4 gap-y-1.5 sm:grid-cols-2"
            onChange={setChosen}
          />
          <Show when={failure()}>{(error) => <ErrorNotice error={error()} />}</Show>
        </DialogBody>
        <DialogFooter>
          <Button variant="quiet" disabled={isBusy()} onClick={() => props.onClose()}>
            {i18n.t('action.cancel')}
          </Button>
          <Button type="submit" variant="primary" disabled={isBusy()}>
            {t(isBusy() ? 'limits.saving' : 'models.save')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

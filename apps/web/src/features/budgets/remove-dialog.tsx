import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { ErrorNotice } from '../../ui/states.tsx';
import type { BudgetTarget } from './budget-form.ts';
import { useLimitText } from './limit-text.ts';

/** Takes a budget away, and says what holds then. It can be set again, so no name has to be typed. */
export function RemoveDialog(props: {
  target: BudgetTarget;
  onClose: () => void;
  onRemoved: (name: string) => void;
}): JSX.Element {
  const { t } = useLimitText();
  const i18n = useI18n();
  const { client } = useApi();
  const name = () => props.target.name ?? t(`budgets.scope.${props.target.scope}`);
  const request = createAction(() =>
    client.budgets.remove.mutate({ scope: props.target.scope, subject: props.target.subject }),
  );
  const isBusy = () => request.state().status === 'running';
  const failure = () => {
    const state = request.state();
    return state.status === 'failed' ? toUiError(state.error, i18n.t) : null;
  };
  async function remove(): Promise<void> {
    if ((await request.run(undefined)) !== null) props.onRemoved(name());
  }
  return (
    <Dialog title={t('remove.title', { name: name() })} isBusy={isBusy()} onClose={props.onClose}>
      <DialogBody>
        <p class="text-body text-text-2">{t(`remove.${props.target.scope}`)}</p>
        <Show when={failure()}>{(error) => <ErrorNotice error={error()} />}</Show>
      </DialogBody>
      <DialogFooter>
        <Button variant="quiet" disabled={isBusy()} onClick={() => props.onClose()}>
          {i18n.t('action.cancel')}
        </Button>
        <Button variant="danger" disabled={isBusy()} onClick={() => void remove()}>
          {t('remove.submit')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

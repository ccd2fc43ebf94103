import type { JSX } from 'solid-js';

import { ActionFailure } from '../../api/action-failure.tsx';
import { useApi } from '../../api/context.tsx';
import { createAction } from '../../ui/action.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import type { BudgetTarget } from './budget-form.ts';
import { useLimitText } from './limit-text.ts';

/** Takes a budget away, and says what holds then. It can be set again, so no name has to be typed. */
export function RemoveDialog(props: {
  target: BudgetTarget;
  onClose: () => void;
  onRemoved: (name: string) => void;
}): JSX.Element {
  const { t } = useLimitText();
  const { client } = useApi();
  const name = () => props.target.name ?? t(`budgets.scope.${props.target.scope}`);
  const request = createAction(() =>
    client.budgets.remove.mutate({ scope: props.target.scope, subject: props.target.subject }),
  );
  async function remove(): Promise<void> {
    if ((await request.run(undefined)) !== null) props.onRemoved(name());
  }
  return (
    <ConfirmDialog
      title={t('remove.title', { name: name() })}
      submitLabel={t('remove.submit')}
      isDanger
      isBusy={request.state().status === 'running'}
      onConfirm={() => void remove()}
      onClose={props.onClose}
    >
      <p class="text-body text-text-2">{t(`remove.${props.target.scope}`)}</p>
      <ActionFailure state={request.state()} />
    </ConfirmDialog>
  );
}

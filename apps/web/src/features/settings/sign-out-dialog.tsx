import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { createAction } from '../../ui/action.ts';
import { ErrorNotice } from '../../ui/states.tsx';
import { useAccountText } from './account-text.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';

/** Ends every sign-in of somebody; without a member: one's own, this browser's too. */
export function SignOutDialog(props: {
  member?: { id: string; name: string };
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const { t } = useAccountText();
  const i18n = useI18n();
  const { client } = useApi();
  const request = createAction((memberId: string | undefined) =>
    client.members.endAllSignIns.mutate(memberId === undefined ? {} : { memberId }),
  );
  const failed = () => {
    const state = request.state();
    return state.status === 'failed' ? state : null;
  };
  async function submit(): Promise<void> {
    if ((await request.run(props.member?.id)) !== null) props.onDone();
  }
  const text = () =>
    props.member === undefined
      ? t('signIns.everywhereText')
      : t('signIns.everywhereOf', { name: props.member.name });
  return (
    <FormDialog
      title={t('signIns.everywhereTitle')}
      submitLabel={t('signIns.everywhereSubmit')}
      isBusy={request.state().status === 'running'}
      isDanger
      onSubmit={() => void submit()}
      onClose={props.onClose}
    >
      <p class="text-body text-text-2">{text()}</p>
      <Show when={failed()}>{(found) => <ErrorNotice error={toUiError(found().error, i18n.t)} />}</Show>
    </FormDialog>
  );
}

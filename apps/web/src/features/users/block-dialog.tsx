import { createSignal, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/states.tsx';
import { useLimitText } from '../budgets/limit-text.ts';
import type { UserSummary } from '../budgets/limit-types.ts';
import { nameOfUser } from './user-cells.tsx';

const LONGEST_REASON = 500;

/** Nobody is blocked without a reason: whoever looks at it later has to know why. */
export function BlockDialog(props: {
  user: UserSummary;
  onClose: () => void;
  onBlocked: () => void;
}): JSX.Element {
  const { t } = useLimitText();
  const i18n = useI18n();
  const { client } = useApi();
  const [reason, setReason] = createSignal('');
  const [isTried, setIsTried] = createSignal(false);
  const request = createAction((text: string) =>
    client.users.block.mutate({ id: props.user.id, reason: text }),
  );
  const isBusy = () => request.state().status === 'running';
  const failure = () => {
    const state = request.state();
    return state.status === 'failed' ? toUiError(state.error, i18n.t) : null;
  };
  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    setIsTried(true);
    if (reason().trim() === '') document.querySelector<HTMLElement>('#block-reason')?.focus();
    else if ((await request.run(reason().trim())) !== null) props.onBlocked();
  }
  return (
    <Dialog
      title={t('user.blockTitle', { name: nameOfUser(props.user) })}
      lead={t('user.blockLead')}
      isBusy={isBusy()}
      onClose={props.onClose}
    >
      <form class="flex min-h-0 flex-col" novalidate onSubmit={(event) => void submit(event)}>
        <DialogBody>
          <p class="text-body text-text-2">{t('user.blockText')}</p>
          <TextField
            id="block-reason"
            label={t('user.reason')}
            placeholder={t('user.reasonPlaceholder')}
            error={isTried() && reason().trim() === '' ? t('user.reasonMissing') : null}
            maxlength={LONGEST_REASON}
            autocomplete="off"
            autofocus
            onInput={(event) => setReason(event.currentTarget.value)}
          />
          <Show when={failure()}>{(error) => <ErrorNotice error={error()} />}</Show>
        </DialogBody>
        <DialogFooter>
          <Button variant="quiet" disabled={isBusy()} onClick={() => props.onClose()}>
            {i18n.t('action.cancel')}
          </Button>
          <Button type="submit" variant="danger" disabled={isBusy()}>
            {t('user.blockSubmit')}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}

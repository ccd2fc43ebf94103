import { createSignal, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { useAccountText } from '../settings/account-text.ts';
import { SignInsList } from '../settings/sign-ins-list.tsx';
import { SignOutDialog } from '../settings/sign-out-dialog.tsx';
import { useCan } from '../shell/viewer.ts';
import type { Member } from './member-types.ts';

/** Where a member is signed in; each can be ended, or all at once. */
export function MemberSignInsDialog(props: {
  member: Member;
  onClose: () => void;
  onEnded: () => void;
  onSignedOut: () => void;
}): JSX.Element {
  const { t } = useAccountText();
  const i18n = useI18n();
  const can = useCan();
  const [isAsking, setIsAsking] = createSignal(false);
  return (
    <>
      <Dialog title={t('signIns.titleOf', { name: props.member.name })} onClose={props.onClose}>
        <DialogBody>
          <SignInsList memberId={props.member.id} onEnded={() => props.onEnded()} />
        </DialogBody>
        <DialogFooter>
          <Show when={can('members:write')}>
            <Button class="me-auto" onClick={() => setIsAsking(true)}>
              {t('signIns.everywhere')}
            </Button>
          </Show>
          <Button variant="primary" onClick={() => props.onClose()}>
            {i18n.t('action.close')}
          </Button>
        </DialogFooter>
      </Dialog>
      <Show when={isAsking()}>
        <SignOutDialog
          member={props.member}
          onClose={() => setIsAsking(false)}
          onDone={() => props.onSignedOut()}
        />
      </Show>
    </>
  );
}

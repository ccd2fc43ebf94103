import Download from 'lucide-solid/icons/download';
import { For, onCleanup } from 'solid-js';
import type { JSX } from 'solid-js';

import { Button, buttonClass } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { GuardedDialog } from '../../ui/guarded-dialog.tsx';
import { useAccountText } from './account-text.ts';

/** A file of the codes, for as long as they are shown. */
function createFile(codes: readonly string[]): string {
  const url = URL.createObjectURL(new Blob([`${codes.join('\n')}\n`], { type: 'text/plain' }));
  onCleanup(() => URL.revokeObjectURL(url));
  return url;
}

function Codes(props: { codes: readonly string[]; onDone: () => void }): JSX.Element {
  const { t } = useAccountText();
  return (
    <>
      <DialogBody>
        <ul class="grid grid-cols-2 gap-x-6 gap-y-2 rounded-control bg-muted px-4 py-3 font-mono text-body">
          <For each={props.codes}>{(code) => <li>{code}</li>}</For>
        </ul>
        <div class="flex flex-wrap gap-2">
          <CopyButton
            text={() => props.codes.join('\n')}
            label={t('codes.copy')}
            class="border border-control px-3"
          >
            {t('codes.copy')}
          </CopyButton>
          <a
            href={createFile(props.codes)}
            download="ephemera-backup-codes.txt"
            class={buttonClass('secondary', 'compact')}
          >
            <Download aria-hidden="true" class="size-4" />
            {t('codes.download')}
          </a>
        </div>
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onClick={() => props.onDone()}>
          {t('codes.done')}
        </Button>
      </DialogFooter>
    </>
  );
}

/** The codes are shown this once, so that closing asks. */
export function BackupCodesDialog(props: { codes: readonly string[]; onClose: () => void }): JSX.Element {
  const { t } = useAccountText();
  return (
    <GuardedDialog
      title={t('codes.title')}
      lead={t('codes.lead')}
      question={{
        title: t('codes.question'),
        text: t('codes.questionText'),
        stay: t('codes.stay'),
        leave: t('codes.leave'),
      }}
      onClose={props.onClose}
    >
      {(close) => <Codes codes={props.codes} onDone={close} />}
    </GuardedDialog>
  );
}

import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { formatClock } from '../../i18n/format.ts';
import { formatMoment } from '../../i18n/moment.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CodeLine } from '../../ui/code-line.tsx';
import { DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { GuardedDialog } from '../../ui/guarded-dialog.tsx';
import { ShownSecret } from '../../ui/shown-secret.tsx';
import { findState } from './key-state.ts';
import { useKeyText } from './key-text.ts';
import type { KeySummary } from './key-types.ts';
import { toCurl, toEnvLine } from './key-trial.ts';

export type Revealed = {
  key: KeySummary;
  secret: string;
  /** The secret that this one took the place of, while it is still accepted. */
  old: KeySummary | null;
};

function Trial(props: { summary: KeySummary; secret: string }): JSX.Element {
  const { t } = useKeyText();
  const command = () => toCurl(props.summary, props.secret, location.origin);
  return (
    <div class="flex flex-col gap-1.5">
      <p class="text-table font-medium">{t('reveal.curl')}</p>
      <Show when={command()} fallback={<p class="text-table text-text-2">{t('reveal.noRequest')}</p>}>
        {(text) => <CodeBlock label={t('reveal.curl')} copyLabel={t('reveal.copyCurl')} code={text()} />}
      </Show>
    </div>
  );
}

const DAY_SECONDS = 86_400;

/** What became of the former secret, counted down while one looks. */
function OldSecret(props: { old: KeySummary; now: number }): JSX.Element {
  const { t, format } = useKeyText();
  const endsAt = () => Date.parse(props.old.graceUntil ?? '');
  const left = () => {
    const seconds = Math.ceil((endsAt() - props.now) / 1_000);
    return seconds < DAY_SECONDS ? formatClock(seconds) : format().duration(seconds);
  };
  const text = () => {
    if (props.old.state === 'replaced') return t('reveal.oldNow');
    if (findState(props.old, props.now) !== 'grace') return t('reveal.oldOver');
    const time = formatMoment(new Date(endsAt()), new Date(props.now), format());
    return t('reveal.oldLater', { time, left: left() });
  };
  return <p class="text-body text-text-2 figures">{text()}</p>;
}

/** The one time that a secret is seen. Whoever closes this without having copied it is told what that means. */
export function RevealDialog(props: { revealed: Revealed; now: number; onClose: () => void }): JSX.Element {
  const { t } = useKeyText();
  return (
    <GuardedDialog
      title={t('reveal.title')}
      lead={t('reveal.lead')}
      question={{
        title: t('reveal.question'),
        text: t('reveal.questionText'),
        stay: t('reveal.stay'),
        leave: t('reveal.leave'),
      }}
      onClose={props.onClose}
    >
      {(close) => (
        <>
          <DialogBody>
            <ShownSecret
              id="revealed-key"
              label={t('reveal.secret')}
              copyLabel={t('reveal.copySecret')}
              secret={props.revealed.secret}
            />
            <div class="flex flex-col gap-1.5">
              <p class="text-table font-medium">{t('reveal.env')}</p>
              <CodeLine code={toEnvLine(props.revealed.secret)} copyLabel={t('reveal.copyEnv')} />
            </div>
            <Trial summary={props.revealed.key} secret={props.revealed.secret} />
            <Show when={props.revealed.old}>{(old) => <OldSecret old={old()} now={props.now} />}</Show>
          </DialogBody>
          <DialogFooter>
            <Button variant="primary" onClick={() => close()}>
              {t('reveal.done')}
            </Button>
          </DialogFooter>
        </>
      )}
    </GuardedDialog>
  );
}

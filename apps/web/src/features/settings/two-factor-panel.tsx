import { useQueryClient } from '@tanstack/solid-query';
import ShieldCheck from 'lucide-solid/icons/shield-check';
import ShieldOff from 'lucide-solid/icons/shield-off';
import { createSignal, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import type { TwoFactorSecret } from '../../api/auth.ts';
import { useApi } from '../../api/context.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { useViewer } from '../shell/viewer.ts';
import { useAccountText } from './account-text.ts';
import { BackupCodesDialog } from './backup-codes-dialog.tsx';
import { PasswordPrompt } from './password-prompt.tsx';
import { TwoFactorConfirm } from './two-factor-setup.tsx';

type Step =
  | { kind: 'none' | 'password' | 'turn_off' | 'renew' }
  | { kind: 'confirm'; secret: TwoFactorSecret }
  | { kind: 'codes'; codes: string[] };

type StepProps = { step: Step; onStep: (step: Step) => void; onNews: (text: string) => void };

/** After a change of the factor the sign-in is another one, and so is what is known of who is signed in. */
function createRefresh(): () => void {
  const { tokens, trpc } = useApi();
  const queries = useQueryClient();
  return () => {
    tokens.clear();
    void queries.invalidateQueries({ queryKey: trpc.me.get.queryKey() });
    void queries.invalidateQueries({ queryKey: trpc.members.listSignIns.queryKey() });
  };
}

function TurnOnSteps(props: StepProps): JSX.Element {
  const { t } = useAccountText();
  const { auth } = useApi();
  const refresh = createRefresh();
  const close = () => props.onStep({ kind: 'none' });
  const secret = () => (props.step.kind === 'confirm' ? props.step.secret : null);
  return (
    <Switch>
      <Match when={props.step.kind === 'password'}>
        <PasswordPrompt
          title={t('two.setupTitle')}
          text={t('two.passwordLead')}
          submitLabel={t('two.next')}
          send={(password) => auth.enableTwoFactor(password)}
          onDone={(found) => props.onStep({ kind: 'confirm', secret: found })}
          onClose={close}
        />
      </Match>
      <Match when={secret()}>
        {(found) => (
          <TwoFactorConfirm
            secret={found()}
            onClose={close}
            onDone={() => {
              refresh();
              props.onNews(t('two.doneOn'));
              props.onStep({ kind: 'codes', codes: found().backupCodes });
            }}
          />
        )}
      </Match>
    </Switch>
  );
}

function Steps(props: StepProps): JSX.Element {
  const { t } = useAccountText();
  const { auth } = useApi();
  const refresh = createRefresh();
  const close = () => props.onStep({ kind: 'none' });
  const codes = () => (props.step.kind === 'codes' ? props.step.codes : null);
  return (
    <>
      <TurnOnSteps {...props} />
      <Switch>
        <Match when={props.step.kind === 'turn_off'}>
          <PasswordPrompt
            title={t('two.offTitle')}
            text={t('two.offText')}
            submitLabel={t('two.offSubmit')}
            isDanger
            send={(password) => auth.disableTwoFactor(password)}
            onDone={() => {
              refresh();
              props.onNews(t('two.doneOff'));
              close();
            }}
            onClose={close}
          />
        </Match>
        <Match when={props.step.kind === 'renew'}>
          <PasswordPrompt
            title={t('two.codesTitle')}
            text={t('two.codesText')}
            submitLabel={t('two.codesSubmit')}
            send={(password) => auth.createBackupCodes(password)}
            onDone={(made) => props.onStep({ kind: 'codes', codes: made })}
            onClose={close}
          />
        </Match>
        <Match when={codes()}>{(shown) => <BackupCodesDialog codes={shown()} onClose={close} />}</Match>
      </Switch>
    </>
  );
}

/** Whether a sign-in asks for a code, and what changes that. */
export function TwoFactorPanel(props: { onNews: (text: string) => void }): JSX.Element {
  const { t } = useAccountText();
  const viewer = useViewer();
  const [step, setStep] = createSignal<Step>({ kind: 'none' });
  const isOn = () => viewer().twoFactorEnabled;
  return (
    <Panel
      title={t('two.title')}
      aside={
        <Show
          when={isOn()}
          fallback={
            <Badge tone="neutral" icon={<ShieldOff aria-hidden="true" />}>
              {t('two.off')}
            </Badge>
          }
        >
          <Badge tone="success" icon={<ShieldCheck aria-hidden="true" />}>
            {t('two.on')}
          </Badge>
        </Show>
      }
    >
      <p class="max-w-[68ch] text-body text-text-2">{t(isOn() ? 'two.textOn' : 'two.textOff')}</p>
      <div class="flex flex-wrap gap-2">
        <Show
          when={isOn()}
          fallback={
            <Button variant="primary" onClick={() => setStep({ kind: 'password' })}>
              <ShieldCheck aria-hidden="true" class="size-4" />
              {t('two.turnOn')}
            </Button>
          }
        >
          <Button onClick={() => setStep({ kind: 'renew' })}>{t('two.newCodes')}</Button>
          <Button onClick={() => setStep({ kind: 'turn_off' })}>{t('two.turnOff')}</Button>
        </Show>
      </div>
      <Steps step={step()} onStep={setStep} onNews={props.onNews} />
    </Panel>
  );
}

import { createSignal } from 'solid-js';
import type { JSX } from 'solid-js';

import { ActionFailure } from '../../api/action-failure.tsx';
import { useApi } from '../../api/context.tsx';
import { createAction } from '../../ui/action.ts';
import { Button } from '../../ui/button.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { DialogBody, DialogFooter } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { GuardedDialog } from '../../ui/guarded-dialog.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ShownSecret } from '../../ui/shown-secret.tsx';
import { useNodeText } from './node-text.ts';
import { isNodeScope } from './node-types.ts';
import type { CreatedToken, RegistrationToken } from './node-types.ts';
import { ScopesField } from './scopes-field.tsx';
import { findProblem, LIFETIMES, NEW_TOKEN, toCurl, toEnvLines, toInput } from './token-form.ts';
import type { TokenForm, TokenProblem } from './token-form.ts';

function createTokenForm(onCreated: (created: CreatedToken) => void) {
  const { client } = useApi();
  const [form, setForm] = createSignal<TokenForm>(NEW_TOKEN);
  const [problem, setProblem] = createSignal<TokenProblem | null>(null);
  const request = createAction((wanted: TokenForm) =>
    client.nodes.createRegistrationToken.mutate(toInput(wanted)),
  );
  return {
    form,
    problem,
    request,
    patch(change: Partial<TokenForm>): void {
      setForm({ ...form(), ...change });
      setProblem(null);
    },
    async submit(element: HTMLFormElement): Promise<void> {
      const found = findProblem(form());
      setProblem(found);
      if (found !== null) return element.querySelector<HTMLElement>(`#node-${found.field}`)?.focus();
      const created = await request.run(form());
      if (created !== null) onCreated(created);
    },
  };
}

function LifetimeField(props: { state: ReturnType<typeof createTokenForm> }): JSX.Element {
  const { t } = useNodeText();
  return (
    <div class="flex flex-col gap-1.5">
      <span class="text-table font-medium" aria-hidden="true">
        {t('token.lifetime')}
      </span>
      <div class="max-w-full overflow-x-auto scroll-quiet">
        <Segmented
          name="token-lifetime"
          label={t('token.lifetime')}
          isCompact
          value={props.state.form().lifetime}
          segments={LIFETIMES.map((value) => ({ value, label: t(`lifetime.${value}`) }))}
          onChange={(lifetime) => props.state.patch({ lifetime })}
        />
      </div>
      <p class="text-caption text-text-3">{t('token.lifetimeHint')}</p>
    </div>
  );
}

export function CreateTokenDialog(props: {
  onClose: () => void;
  onCreated: (created: CreatedToken) => void;
}): JSX.Element {
  const { t } = useNodeText();
  const state = createTokenForm((created) => props.onCreated(created));
  const errorOf = (field: TokenProblem['field']) => {
    const problem = state.problem();
    return problem?.field === field ? t(problem.message) : null;
  };
  return (
    <FormDialog
      title={t('token.createTitle')}
      lead={t('token.createLead')}
      submitLabel={t('token.createSubmit')}
      isBusy={state.request.state().status === 'running'}
      autocomplete="off"
      onSubmit={(element) => void state.submit(element)}
      onClose={props.onClose}
    >
      <TextField
        id="node-note"
        label={t('token.note')}
        hint={t('token.noteHint')}
        placeholder={t('token.notePlaceholder')}
        error={errorOf('note')}
        maxlength={200}
        autocomplete="off"
        autofocus
        onInput={(event) => state.patch({ note: event.currentTarget.value })}
      />
      <ScopesField
        chosen={state.form().scopes}
        error={errorOf('scopes')}
        onChange={(names) => state.patch({ scopes: names.filter(isNodeScope) })}
      />
      <LifetimeField state={state} />
      <ActionFailure state={state.request.state()} />
    </FormDialog>
  );
}

function Block(props: { label: string; copyLabel: string; code: string }): JSX.Element {
  return (
    <div class="flex flex-col gap-1.5">
      <p class="text-table font-medium">{props.label}</p>
      <CodeBlock {...props} />
    </div>
  );
}

/** The one time that a registration token is seen. */
export function RevealTokenDialog(props: { created: CreatedToken; onClose: () => void }): JSX.Element {
  const { t, format } = useNodeText();
  const until = () => format().dateTime(new Date(props.created.registrationToken.expiresAt));
  return (
    <GuardedDialog
      title={t('reveal.title')}
      lead={t('reveal.lead', { time: until() })}
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
              id="revealed-token"
              label={t('reveal.token')}
              copyLabel={t('reveal.copyToken')}
              secret={props.created.secret}
            />
            <Block
              label={t('reveal.env')}
              copyLabel={t('reveal.copyEnv')}
              code={toEnvLines(props.created.secret, location.origin)}
            />
            <Block
              label={t('reveal.curl')}
              copyLabel={t('reveal.copyCurl')}
              code={toCurl(props.created.secret, location.origin)}
            />
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

/** Nobody has used it: taking it back harms nobody who is in. */
export function RevokeTokenDialog(props: {
  token: RegistrationToken;
  onClose: () => void;
  onDone: () => void;
}): JSX.Element {
  const { t } = useNodeText();
  const { client } = useApi();
  const request = createAction((id: string) => client.nodes.revokeRegistrationToken.mutate({ id }));
  async function revoke(): Promise<void> {
    if ((await request.run(props.token.id)) !== null) props.onDone();
  }
  return (
    <ConfirmDialog
      title={t('tokenRevoke.title', { name: props.token.note ?? props.token.id })}
      submitLabel={t('tokenRevoke.submit')}
      isDanger
      isBusy={request.state().status === 'running'}
      onConfirm={() => void revoke()}
      onClose={props.onClose}
    >
      <p class="text-body text-text-2">{t('tokenRevoke.text')}</p>
      <ActionFailure state={request.state()} />
    </ConfirmDialog>
  );
}

import { createSignal, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useApi } from '../../api/context.tsx';
import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { createAction } from '../../ui/action.ts';
import type { Action, ActionState } from '../../ui/action.ts';
import { TextField } from '../../ui/field.tsx';
import { ErrorNotice } from '../../ui/states.tsx';
import { useAccountText } from '../settings/account-text.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { NewPasswordField } from '../settings/new-password-field.tsx';
import { findPasswordProblem } from '../settings/password-rules.ts';
import { findChange, findNewProblem, findRefusedField, NEW_MEMBER } from './member-form.ts';
import type { MemberChange, MemberField, MemberInput, MemberProblem } from './member-form.ts';
import { findBlock } from './member-rules.ts';
import type { Member } from './member-types.ts';
import { RoleField } from './role-field.tsx';

type DialogProps = { onClose: () => void; onDone: (member: Member) => void };

/** A refusal that has no field to stand at. */
function Failure(props: { state: ActionState<unknown> }): JSX.Element {
  const i18n = useI18n();
  const failed = () => (props.state.status === 'failed' ? props.state : null);
  return <Show when={failed()}>{(found) => <ErrorNotice error={toUiError(found().error, i18n.t)} />}</Show>;
}

/** What is wrong with a form, and its one request; a refused field is told at the field. */
function createMemberForm<T>(request: Action<T, unknown>) {
  const { t } = useAccountText();
  const [problem, setProblem] = createSignal<MemberProblem | null>(null);
  function point(found: MemberProblem | null, form: HTMLFormElement): void {
    setProblem(found);
    if (found !== null) form.querySelector<HTMLInputElement>(`#member-${found.field}`)?.focus();
  }
  return {
    point,
    clear: () => setProblem(null),
    errorOf: (field: MemberField): string | null => {
      const found = problem();
      return found?.field === field ? t(found.message) : null;
    },
    takeRefusal(form: HTMLFormElement): void {
      const state = request.state();
      const refused = state.status === 'failed' ? findRefusedField(state.error) : null;
      if (refused === null) return;
      request.reset();
      point(refused, form);
    },
  };
}

function IdentityFields(props: {
  errorOf: (field: MemberField) => string | null;
  onChange: (change: Partial<MemberInput>) => void;
}): JSX.Element {
  const { t } = useAccountText();
  return (
    <div class="grid gap-4 sm:grid-cols-2">
      <TextField
        id="member-name"
        label={t('field.name')}
        error={props.errorOf('name')}
        autocomplete="off"
        maxlength={100}
        autofocus
        onInput={(event) => props.onChange({ name: event.currentTarget.value })}
      />
      <TextField
        id="member-email"
        label={t('field.email')}
        error={props.errorOf('email')}
        type="email"
        inputmode="email"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        onInput={(event) => props.onChange({ email: event.currentTarget.value })}
      />
    </div>
  );
}

export function AddMemberDialog(props: DialogProps): JSX.Element {
  const { t } = useAccountText();
  const { client } = useApi();
  const [input, setInput] = createSignal<MemberInput>(NEW_MEMBER);
  const request = createAction((next: MemberInput) => client.members.create.mutate(next));
  const form = createMemberForm(request);
  function patch(change: Partial<MemberInput>): void {
    setInput({ ...input(), ...change });
    form.clear();
  }
  async function submit(element: HTMLFormElement): Promise<void> {
    const found = findNewProblem(input());
    form.point(found, element);
    if (found !== null) return;
    const { name, email } = input();
    const added = await request.run({ ...input(), name: name.trim(), email: email.trim() });
    if (added === null) form.takeRefusal(element);
    else props.onDone(added.member);
  }
  return (
    <FormDialog
      title={t('add.title')}
      submitLabel={t('add.submit')}
      submittingLabel={t('add.submitting')}
      isBusy={request.state().status === 'running'}
      onSubmit={(element) => void submit(element)}
      onClose={props.onClose}
    >
      <IdentityFields errorOf={form.errorOf} onChange={patch} />
      <RoleField role={input().role} onChange={(role) => patch({ role })} />
      <NewPasswordField
        id="member-password"
        label={t('field.password')}
        hint={t('add.passwordHint')}
        error={form.errorOf('password')}
        isForOther
        onInput={(password) => patch({ password })}
      />
      <Failure state={request.state()} />
    </FormDialog>
  );
}

export function EditMemberDialog(
  props: DialogProps & { member: Member; all: readonly Member[] },
): JSX.Element {
  const { t } = useAccountText();
  const { client } = useApi();
  // As it was when the dialog opened: a refresh must not change what is being typed over.
  const { id, name, role } = props.member;
  const blockedBy = findBlock(props.member, props.all);
  const [typed, setTyped] = createSignal({ name, role });
  const request = createAction((change: MemberChange) => client.members.update.mutate({ id, ...change }));
  const form = createMemberForm(request);
  async function submit(element: HTMLFormElement): Promise<void> {
    const found = findChange({ name, role }, typed());
    form.point('problem' in found ? found.problem : null, element);
    if ('problem' in found) return;
    const saved = await request.run(found.change);
    if (saved === null) form.takeRefusal(element);
    else props.onDone(saved.member);
  }
  return (
    <FormDialog
      title={t('edit.title', { name })}
      lead={props.member.email}
      submitLabel={t('edit.submit')}
      submittingLabel={t('edit.submitting')}
      isBusy={request.state().status === 'running'}
      onSubmit={(element) => void submit(element)}
      onClose={props.onClose}
    >
      <TextField
        id="member-name"
        label={t('field.name')}
        error={form.errorOf('name')}
        autocomplete="off"
        maxlength={100}
        value={typed().name}
        autofocus
        onInput={(event) => setTyped({ ...typed(), name: event.currentTarget.value })}
      />
      <Show
        when={blockedBy}
        fallback={<RoleField role={typed().role} onChange={(next) => setTyped({ ...typed(), role: next })} />}
      >
        {(reason) => (
          <div>
            <p class="text-table font-medium">{t('field.role')}</p>
            <p class="text-body">{t(`role.${role}`)}</p>
            <p class="text-caption text-text-3">{t(reason())}</p>
          </div>
        )}
      </Show>
      <Show when={form.errorOf('role')}>{(text) => <p class="text-table text-danger">{text()}</p>}</Show>
      <Failure state={request.state()} />
    </FormDialog>
  );
}

export function SetPasswordDialog(props: DialogProps & { member: Member }): JSX.Element {
  const { t } = useAccountText();
  const { client } = useApi();
  const request = createAction((password: string) =>
    client.members.setPassword.mutate({ id: props.member.id, password }),
  );
  const form = createMemberForm(request);
  let typed = '';
  async function submit(element: HTMLFormElement): Promise<void> {
    const message = findPasswordProblem(typed, props.member.email);
    form.point(message === null ? null : { field: 'password', message }, element);
    if (message !== null) return;
    if ((await request.run(typed)) === null) form.takeRefusal(element);
    else props.onDone(props.member);
  }
  return (
    <FormDialog
      title={t('setPassword.title', { name: props.member.name })}
      submitLabel={t('setPassword.submit')}
      submittingLabel={t('setPassword.submitting')}
      isBusy={request.state().status === 'running'}
      onSubmit={(element) => void submit(element)}
      onClose={props.onClose}
    >
      <p class="text-body text-text-2">{t('setPassword.text')}</p>
      <NewPasswordField
        id="member-password"
        label={t('field.newPassword')}
        hint={t('add.passwordHint')}
        error={form.errorOf('password')}
        isForOther
        onInput={(password) => {
          typed = password;
          form.clear();
        }}
      />
      <Failure state={request.state()} />
    </FormDialog>
  );
}

export function DisableMemberDialog(props: DialogProps & { member: Member }): JSX.Element {
  const { t } = useAccountText();
  const { client } = useApi();
  const request = createAction((id: string) => client.members.update.mutate({ id, isDisabled: true }));
  async function submit(): Promise<void> {
    const saved = await request.run(props.member.id);
    if (saved !== null) props.onDone(saved.member);
  }
  return (
    <FormDialog
      title={t('disable.title', { name: props.member.name })}
      submitLabel={t('disable.submit')}
      isBusy={request.state().status === 'running'}
      isDanger
      onSubmit={() => void submit()}
      onClose={props.onClose}
    >
      <p class="text-body text-text-2">{t('disable.text')}</p>
      <Failure state={request.state()} />
    </FormDialog>
  );
}

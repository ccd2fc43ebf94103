import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { CheckList } from '../../ui/check-list.tsx';
import { Field, TextField } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { useCan } from '../shell/viewer.ts';
import type { KeyFormState } from './form-state.ts';
import { countRestrictions, EXPIRIES, LIMITS, toDay } from './key-form.ts';
import type { FormField, LimitName } from './key-form.ts';
import { useKeyText } from './key-text.ts';
import type { KeyMessage } from './key-text.ts';
import type { KeyEnvironment, KeyList, KeyScope } from './key-types.ts';

type FieldsProps = {
  state: KeyFormState;
  choices: Pick<KeyList, 'scopes' | 'models'>;
  now: number;
  /** The environment is a part of the secret: it does not change. */
  isNew: boolean;
};

function createErrorOf(state: KeyFormState) {
  const { t } = useKeyText();
  return (field: FormField) => {
    const problem = state.problem();
    return problem?.field === field ? t(problem.message) : null;
  };
}

function NameField(props: FieldsProps): JSX.Element {
  const { t } = useKeyText();
  const errorOf = createErrorOf(props.state);
  return (
    <TextField
      id="key-name"
      name="name"
      label={t('field.name')}
      hint={t('field.nameHint')}
      error={errorOf('name')}
      placeholder={t('field.namePlaceholder')}
      value={props.state.form().name}
      maxlength={80}
      autocomplete="off"
      autocapitalize="none"
      spellcheck={false}
      autofocus
      onInput={(event) => props.state.patch({ name: event.currentTarget.value })}
    />
  );
}

const ENVIRONMENTS: readonly KeyEnvironment[] = ['live', 'test'];

function EnvironmentField(props: FieldsProps): JSX.Element {
  const { t } = useKeyText();
  return (
    <div class="flex flex-col gap-1.5">
      <span class="text-table font-medium" aria-hidden="true">
        {t('field.environment')}
      </span>
      <Segmented
        name="key-environment"
        label={t('field.environment')}
        value={props.state.form().environment}
        segments={ENVIRONMENTS.map((value) => ({ value, label: t(`field.${value}`) }))}
        onChange={(environment) => props.state.patch({ environment })}
      />
      <p class="text-caption text-text-3">{t('field.environmentHint')}</p>
    </div>
  );
}

const KNOWN_SCOPES: Readonly<Record<string, KeyMessage>> = {
  'tokens:mint': 'scope.tokens:mint',
  'tokens:mint-for': 'scope.tokens:mint-for',
  'turn:issue': 'scope.turn:issue',
  'models:read': 'scope.models:read',
  'me:read': 'scope.me:read',
  'sessions:read': 'scope.sessions:read',
  'sessions:report': 'scope.sessions:report',
};

function ScopesField(props: FieldsProps): JSX.Element {
  const { t } = useKeyText();
  const can = useCan();
  const errorOf = createErrorOf(props.state);
  const isOwners = ({ id }: KeyScope) => id === 'tokens:mint-for' && !can('tokens:mint-for');
  const describe = (scope: KeyScope) => {
    const message = KNOWN_SCOPES[scope.id];
    const text = message === undefined ? scope.description : t(message);
    return isOwners(scope) ? `${text}. ${t('scope.ownersOnly')}` : text;
  };
  return (
    <CheckList
      id="key-scopes"
      label={t('field.scopes')}
      hint={t('field.scopesHint')}
      error={errorOf('scopes')}
      chosen={props.state.form().scopes}
      options={props.choices.scopes.map((scope) => ({
        value: scope.id,
        label: scope.id,
        hint: describe(scope),
        isMono: true,
        isDisabled: isOwners(scope),
      }))}
      onChange={(scopes) => props.state.patch({ scopes })}
    />
  );
}

function ExpiryField(props: FieldsProps): JSX.Element {
  const { t } = useKeyText();
  const errorOf = createErrorOf(props.state);
  const expiry = () => props.state.form().expiry;
  return (
    <div class="flex flex-col gap-2">
      <span class="text-table font-medium" aria-hidden="true">
        {t('field.expiry')}
      </span>
      <div class="max-w-full overflow-x-auto scroll-quiet">
        <Segmented
          name="key-expiry"
          label={t('field.expiry')}
          isCompact
          value={expiry()}
          segments={EXPIRIES.map((value) => ({ value, label: t(`expiry.${value}`) }))}
          onChange={(value) => props.state.patch({ expiry: value })}
        />
      </div>
      <Show when={expiry() === 'date'}>
        <div class="sm:w-56">
          <TextField
            id="key-expiresAt"
            type="date"
            label={t('field.expiryDate')}
            error={errorOf('expiresAt')}
            min={toDay(new Date(props.now))}
            value={props.state.form().date}
            onInput={(event) => props.state.patch({ date: event.currentTarget.value })}
          />
        </div>
      </Show>
      <Show when={expiry() === 'never'}>
        <p class="text-caption text-warning">{t('expiry.neverHint')}</p>
      </Show>
    </div>
  );
}

function OriginsField(props: FieldsProps): JSX.Element {
  const { t } = useKeyText();
  const errorOf = createErrorOf(props.state);
  return (
    <Field
      id="key-allowedOrigins"
      label={t('field.origins')}
      hint={t('field.originsHint')}
      error={errorOf('allowedOrigins')}
    >
      <textarea
        id="key-allowedOrigins"
        class="field min-h-16 font-mono"
        rows="2"
        autocapitalize="none"
        spellcheck={false}
        aria-invalid={errorOf('allowedOrigins') !== null}
        aria-describedby={
          errorOf('allowedOrigins') === null ? 'key-allowedOrigins-hint' : 'key-allowedOrigins-error'
        }
        value={props.state.form().origins}
        onInput={(event) => props.state.patch({ origins: event.currentTarget.value })}
      />
    </Field>
  );
}

function LimitField(props: FieldsProps & { limit: LimitName }): JSX.Element {
  const { t } = useKeyText();
  const errorOf = createErrorOf(props.state);
  return (
    <TextField
      id={`key-${props.limit}`}
      label={t(`field.${props.limit}`)}
      error={errorOf(props.limit)}
      placeholder={t('field.inherited')}
      inputmode="numeric"
      autocomplete="off"
      value={props.state.form()[props.limit]}
      onInput={(event) => props.state.patch({ [props.limit]: event.currentTarget.value })}
    />
  );
}

/** What most keys do without: folded, with a count of what is set in it. */
function Restrictions(props: FieldsProps): JSX.Element {
  const { t, plural } = useKeyText();
  const errorOf = createErrorOf(props.state);
  const count = () => countRestrictions(props.state.form());
  return (
    <details
      class="rounded-card border border-border"
      open={props.state.isUnfolded()}
      onToggle={(event) => props.state.setUnfolded(event.currentTarget.open)}
    >
      <summary class="rounded-card px-3 py-2.5 text-table font-medium hover:bg-surface">
        {t('field.restrictions')}
        <span class="ms-2 font-normal text-text-3">
          {count() === 0 ? t('field.restrictionsNone') : plural('field.restrictionsCount', count())}
        </span>
      </summary>
      <div class="flex flex-col gap-4 px-3 pb-3 pt-1">
        <CheckList
          id="key-allowedModels"
          label={t('field.models')}
          hint={t('field.modelsHint')}
          error={errorOf('allowedModels')}
          chosen={props.state.form().models}
          class="grid gap-x-4 gap-y-1.5 sm:grid-cols-2"
          options={props.choices.models.map((value) => ({ value, label: value, isMono: true }))}
          onChange={(models) => props.state.patch({ models })}
        />
        <OriginsField {...props} />
        <div class="grid gap-4 sm:grid-cols-2">
          <For each={LIMITS}>{(limit) => <LimitField {...props} limit={limit} />}</For>
        </div>
      </div>
    </details>
  );
}

/** All that can be set on a key, what everybody has to decide first. */
export function KeyFields(props: FieldsProps): JSX.Element {
  return (
    <>
      <div class={props.isNew ? 'grid gap-4 sm:grid-cols-[1fr_190px]' : ''}>
        <NameField {...props} />
        <Show when={props.isNew}>
          <EnvironmentField {...props} />
        </Show>
      </div>
      <ScopesField {...props} />
      <ExpiryField {...props} />
      <Restrictions {...props} />
    </>
  );
}

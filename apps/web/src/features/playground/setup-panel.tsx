import ChevronDown from 'lucide-solid/icons/chevron-down';
import Route from 'lucide-solid/icons/route';
import Shuffle from 'lucide-solid/icons/shuffle';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { createSignal, For, Match, Show, Switch } from 'solid-js';
import type { JSX } from 'solid-js';

import { toUiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, Select } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Delayed, Skeleton } from '../../ui/skeleton.tsx';
import { Notice } from '../../ui/states.tsx';
import { estimateUsdPerMinute } from './cost.ts';
import type { Playground } from './playground.ts';
import type { ModelEntry, PlaygroundConfig } from './playground-config.ts';

type FieldsProps = {
  models: readonly ModelEntry[] | null;
  config: PlaygroundConfig;
  isLocked: boolean;
  onChange: (change: Partial<PlaygroundConfig>) => void;
};

function ModelOptions(props: FieldsProps): JSX.Element {
  const { t } = useI18n();
  return (
    <For each={props.models}>
      {(model) => (
        <option value={model.id} selected={model.id === props.config.model}>
          {model.isDefault ? `${model.id} (${t('config.defaultModel')})` : model.id}
        </option>
      )}
    </For>
  );
}

function ShutdownWarning(props: { model: ModelEntry | undefined }): JSX.Element {
  const { t, format } = useI18n();
  return (
    <Show when={props.model?.shutdownAt}>
      {(day) => (
        <Notice tone="warning" icon={<TriangleAlert aria-hidden="true" />}>
          <p>{t('config.shutdown', { date: format().date(new Date(`${day()}T12:00:00`)) })}</p>
          <Show when={props.model?.replacement}>
            {(model) => <p>{t('config.shutdownUse', { model: model() })}</p>}
          </Show>
        </Notice>
      )}
    </Show>
  );
}

function CostLine(props: { model: ModelEntry | undefined }): JSX.Element {
  const { t, format } = useI18n();
  const amount = () => (props.model === undefined ? null : estimateUsdPerMinute(props.model.prices));
  return (
    <div class="flex flex-col gap-0.5 border-t border-border pt-4">
      <div class="flex items-baseline justify-between gap-3">
        <span class="text-table font-medium">{t('config.cost')}</span>
        <span class="font-mono text-table figures" data-testid="cost-estimate">
          <Show when={amount()} fallback="—">
            {(usd) => t('config.cost.value', { amount: format().usd(usd()) })}
          </Show>
        </span>
      </div>
      <p class="text-caption text-text-3">
        {t(amount() === null ? 'config.cost.unknown' : 'config.cost.note')}
      </p>
    </div>
  );
}

function PathField(props: FieldsProps): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="flex flex-col gap-1.5">
      <span class="text-table font-medium" aria-hidden="true">
        {t('config.path')}
      </span>
      <Segmented
        name="ice-policy"
        label={t('config.path')}
        value={props.config.icePolicy}
        isDisabled={props.isLocked}
        onChange={(icePolicy) => props.onChange({ icePolicy })}
        segments={[
          { value: 'all', label: t('config.path.all'), icon: <Route aria-hidden="true" /> },
          { value: 'relay', label: t('config.path.relay'), icon: <Shuffle aria-hidden="true" /> },
        ]}
      />
      <p class="text-caption text-text-3">
        {t(props.config.icePolicy === 'relay' ? 'config.path.relayHint' : 'config.path.allHint')}
      </p>
    </div>
  );
}

function Fields(props: FieldsProps): JSX.Element {
  const { t } = useI18n();
  const model = () => props.models?.find(({ id }) => id === props.config.model);
  return (
    <>
      <Field id="model" label={t('config.model')}>
        <Select
          id="model"
          disabled={props.isLocked}
          onChange={(event) => props.onChange({ model: event.currentTarget.value })}
        >
          <ModelOptions {...props} />
        </Select>
        <ShutdownWarning model={model()} />
      </Field>
      <Field id="voice" label={t('config.voice')}>
        <Select
          id="voice"
          disabled={props.isLocked}
          onChange={(event) => props.onChange({ voice: event.currentTarget.value })}
        >
          <For each={model()?.voices ?? []}>
            {(voice) => (
              <option value={voice} selected={voice === props.config.voice}>
                {voice}
              </option>
            )}
          </For>
        </Select>
      </Field>
      <Field id="instructions" label={t('config.instructions')} hint={t('config.instructionsHint')}>
        <textarea
          id="instructions"
          class="field min-h-15 resize-y"
          rows="2"
          maxlength="65536"
          disabled={props.isLocked}
          placeholder={t('config.instructionsPlaceholder')}
          aria-describedby="instructions-hint"
          value={props.config.instructions}
          onInput={(event) => props.onChange({ instructions: event.currentTarget.value })}
        />
      </Field>
      <PathField {...props} />
      <CostLine model={model()} />
    </>
  );
}

function Unfold(props: { isUnfolded: boolean; summary: string; onToggle: () => void }): JSX.Element {
  const { t } = useI18n();
  return (
    <button
      type="button"
      class="-me-2 inline-flex min-h-11 min-w-0 items-center gap-1.5 rounded-control px-2 text-table text-text-2 sm:hidden"
      aria-expanded={props.isUnfolded}
      aria-controls="setup-body"
      onClick={() => props.onToggle()}
    >
      <span class="sr-only">{t('play.setup')}: </span>
      <span class="truncate font-mono text-caption">{props.summary}</span>
      <ChevronDown
        aria-hidden="true"
        class={`size-4 shrink-0 transition-transform ${props.isUnfolded ? 'rotate-180' : ''}`}
      />
    </button>
  );
}

function ModelsRegion(props: { playground: Playground }): JSX.Element {
  const { t } = useI18n();
  return (
    <Switch
      fallback={
        <div class="flex flex-col gap-4" aria-busy="true">
          <Delayed>
            <Skeleton class="h-14" />
            <Skeleton class="h-14" />
            <Skeleton class="h-24" />
          </Delayed>
        </div>
      }
    >
      <Match when={props.playground.modelsError()}>
        {(error) => (
          <Notice
            tone="danger"
            icon={<TriangleAlert aria-hidden="true" />}
            isAlert
            action={
              <Button size="compact" onClick={props.playground.reloadModels}>
                {t('action.retry')}
              </Button>
            }
          >
            {toUiError(error(), t).title}
          </Notice>
        )}
      </Match>
      <Match when={props.playground.models()}>
        {(models) => (
          <Fields
            models={models()}
            config={props.playground.config()}
            isLocked={props.playground.isInCall()}
            onChange={props.playground.change}
          />
        )}
      </Match>
    </Switch>
  );
}

/** What the next call will be. On a phone it folds away, as talking comes first there. */
export function SetupPanel(props: { playground: Playground; microphone: JSX.Element }): JSX.Element {
  const { t } = useI18n();
  const [isUnfolded, setIsUnfolded] = createSignal(false);
  const summary = () => `${props.playground.config().model} · ${props.playground.config().voice}`;
  return (
    <section class="card flex flex-col" aria-labelledby="setup-title">
      <div class="flex items-center justify-between gap-3 px-4 py-1.5 sm:pb-0 sm:pt-4">
        <h2 id="setup-title" class="text-body font-semibold">
          {t('play.setup')}
        </h2>
        <Unfold isUnfolded={isUnfolded()} summary={summary()} onToggle={() => setIsUnfolded(!isUnfolded())} />
      </div>
      <div id="setup-body" class={`flex-col gap-4 p-4 sm:flex ${isUnfolded() ? 'flex' : 'hidden'}`}>
        {props.microphone}
        <div class="border-t border-border" />
        <ModelsRegion playground={props.playground} />
        <Show when={props.playground.isInCall()}>
          <p class="text-caption text-text-3">{t('play.setup.locked')}</p>
        </Show>
      </div>
    </section>
  );
}

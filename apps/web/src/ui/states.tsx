import CircleAlert from 'lucide-solid/icons/circle-alert';
import RotateCw from 'lucide-solid/icons/rotate-cw';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';
import { Button } from './button.tsx';
import { IdChip } from './id-chip.tsx';

/** Nothing to show, said in a way that helps: what belongs here and the one thing to do. */
export function EmptyState(props: {
  icon: JSX.Element;
  title: string;
  text: string;
  action?: JSX.Element;
  isCompact?: boolean;
}): JSX.Element {
  return (
    <div
      class={`flex flex-col items-center justify-center gap-1 px-6 text-center ${props.isCompact === true ? 'py-10' : 'py-18'}`}
    >
      <span class="mb-3 grid size-12 place-items-center rounded-full bg-muted text-text-2 [&_svg]:size-5.5">
        {props.icon}
      </span>
      <p class="text-body font-semibold text-text">{props.title}</p>
      <p class="max-w-[44ch] text-balance text-body text-text-2">{props.text}</p>
      <Show when={props.action}>
        <div class="mt-4">{props.action}</div>
      </Show>
    </div>
  );
}

export type ShownError = { title: string; cause: string; action: string; requestId: string | null };

/** A failure in plain words, the way out, and the id to quote. */
export function ErrorState(props: {
  error: ShownError;
  onRetry?: (() => void) | undefined;
  actions?: JSX.Element;
}): JSX.Element {
  const { t } = useI18n();
  return (
    <div role="alert" class="flex flex-col items-center justify-center gap-1 px-6 py-14 text-center">
      <span class="mb-3 grid size-12 place-items-center rounded-full bg-danger-soft text-danger">
        <CircleAlert aria-hidden="true" class="size-5.5" />
      </span>
      <p class="text-body font-semibold text-text">{props.error.title}</p>
      <p class="max-w-[48ch] text-balance text-body text-text-2">{props.error.cause}</p>
      <p class="max-w-[48ch] text-balance text-body text-text-2">{props.error.action}</p>
      <div class="mt-4 flex flex-wrap justify-center gap-2">
        <Show when={props.onRetry}>
          {(retry) => (
            <Button variant="primary" onClick={() => retry()()}>
              <RotateCw aria-hidden="true" class="size-4" />
              {t('action.retry')}
            </Button>
          )}
        </Show>
        {props.actions}
      </div>
      <RequestId id={props.error.requestId} />
    </div>
  );
}

export function RequestId(props: { id: string | null }): JSX.Element {
  const { t } = useI18n();
  return (
    <Show when={props.id}>
      {(id) => (
        <p class="mt-3 flex items-center gap-1.5 text-caption text-text-3">
          {t('requestId')}
          <IdChip id={id()} what={t('requestId')} />
        </p>
      )}
    </Show>
  );
}

/** A sentence above content that stays visible. */
export function Notice(props: {
  tone: 'warning' | 'danger' | 'accent' | 'success';
  icon: JSX.Element;
  children: JSX.Element;
  action?: JSX.Element;
  isAlert?: boolean;
}): JSX.Element {
  const tones = {
    warning: 'bg-warning-soft text-warning',
    danger: 'bg-danger-soft text-danger',
    accent: 'bg-accent-soft text-accent',
    success: 'bg-success-soft text-success',
  };
  return (
    <div
      role={props.isAlert === true ? 'alert' : undefined}
      class={`flex items-start gap-2.5 rounded-control px-3 py-2 text-table [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0 ${tones[props.tone]}`}
    >
      {props.icon}
      <div class="min-w-0 flex-1">{props.children}</div>
      {props.action}
    </div>
  );
}

/** A refusal in a form or beside what was tried, in plain words. */
export function ErrorNotice(props: { error: ShownError }): JSX.Element {
  return (
    <Notice tone="danger" icon={<CircleAlert aria-hidden="true" />} isAlert>
      <p class="font-medium">{props.error.title}</p>
      <p>
        {props.error.cause} {props.error.action}
      </p>
      <RequestId id={props.error.requestId} />
    </Notice>
  );
}

import CircleAlert from 'lucide-solid/icons/circle-alert';
import RotateCw from 'lucide-solid/icons/rotate-cw';
import Shuffle from 'lucide-solid/icons/shuffle';
import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import type { UiError } from '../../api/ui-error.ts';
import { useI18n } from '../../i18n/context.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { RequestId } from '../../ui/states.tsx';

type FailurePanelProps = {
  error: UiError;
  hasRelayRetry: boolean;
  sessionId: string | null;
  onRetry: () => void;
  onRelayRetry: () => void;
};

/** What failed, why, and the way on that fits: never a bare code. */
export function FailurePanel(props: FailurePanelProps): JSX.Element {
  const { t } = useI18n();
  return (
    <div
      role="alert"
      data-testid="call-failure"
      data-code={props.error.code}
      class="flex flex-1 flex-col items-center justify-center gap-1 px-6 py-8 text-center"
    >
      <span class="mb-4 grid size-16 place-items-center rounded-full bg-danger-soft text-danger">
        <CircleAlert aria-hidden="true" class="size-7" />
      </span>
      <p class="text-h3 font-semibold text-text">{props.error.title}</p>
      <p class="max-w-[44ch] text-balance text-body text-text-2">{props.error.cause}</p>
      <p class="max-w-[44ch] text-balance text-body font-medium text-text">{props.error.action}</p>
      <div class="mt-4 flex flex-wrap justify-center gap-2">
        <Show when={props.hasRelayRetry}>
          <Button variant="primary" onClick={() => props.onRelayRetry()}>
            <Shuffle aria-hidden="true" class="size-4" />
            {t('call.relayRetry')}
          </Button>
        </Show>
        <Button variant={props.hasRelayRetry ? 'secondary' : 'primary'} onClick={() => props.onRetry()}>
          <RotateCw aria-hidden="true" class="size-4" />
          {t('action.retry')}
        </Button>
        <Show when={props.sessionId}>
          {(id) => (
            <A href={`/sessions/${id()}`} class={buttonClass('quiet')}>
              {t('call.viewSession')}
            </A>
          )}
        </Show>
      </div>
      <RequestId id={props.error.requestId} />
    </div>
  );
}

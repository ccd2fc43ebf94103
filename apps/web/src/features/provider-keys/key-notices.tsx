import { A } from '@solidjs/router';
import ShieldAlert from 'lucide-solid/icons/shield-alert';
import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { RelativeTime } from '../../ui/relative-time.tsx';
import { Notice } from '../../ui/states.tsx';
import { useKeyText } from './key-text.ts';
import type { KeyMessage } from './key-text.ts';
import type { KeyAlert, KeySummary } from './key-types.ts';

const SHOWN_ALERTS = 3;

/** A kind that this version does not know keeps the server's own sentence. */
const ALERTS: Readonly<Record<string, KeyMessage>> = {
  provider_key_quarantined: 'alert.provider_key_quarantined',
  provider_key_exhausted: 'alert.provider_key_exhausted',
};

/** What the pool could not mend by itself. Polite, so that a new one is told without taking the focus. */
export function AlertsBanner(props: {
  alerts: readonly KeyAlert[];
  keys: readonly KeySummary[];
  now: number;
}): JSX.Element {
  const { t, plural } = useKeyText();
  /** A stored key that does not open is quarantined as well, but no provider refused it. */
  const isDamaged = (alert: KeyAlert) =>
    props.keys.some((key) => key.id === alert.keyId && key.reason === 'damaged');
  const words = (alert: KeyAlert) => {
    const key = isDamaged(alert) ? 'alert.damaged' : ALERTS[alert.kind];
    return key === undefined ? alert.message : t(key, { name: alert.keyName });
  };
  const rest = () => Math.max(0, props.alerts.length - SHOWN_ALERTS);
  return (
    <div aria-live="polite" class="not-has-[*]:-mt-5">
      <Show when={props.alerts.length > 0}>
        <Notice tone="danger" icon={<ShieldAlert aria-hidden="true" />}>
          <p class="font-medium">{plural('alert.title', props.alerts.length)}</p>
          <ul class="mt-0.5 flex flex-col gap-0.5">
            <For each={props.alerts.slice(0, SHOWN_ALERTS)}>
              {(alert) => (
                <li data-testid="key-alert">
                  <A
                    href={`/provider-keys/${alert.keyId}`}
                    class="text-current underline decoration-1 underline-offset-2"
                  >
                    {words(alert)}
                  </A>
                  {' · '}
                  <RelativeTime at={alert.at} now={props.now} />
                </li>
              )}
            </For>
            <Show when={rest() > 0}>
              <li>{plural('alert.more', rest())}</li>
            </Show>
          </ul>
        </Notice>
      </Show>
    </div>
  );
}

import CircleCheck from 'lucide-solid/icons/circle-check';
import CircleOff from 'lucide-solid/icons/circle-off';
import CircleX from 'lucide-solid/icons/circle-x';
import Clock from 'lucide-solid/icons/clock';
import FlaskConical from 'lucide-solid/icons/flask-conical';
import Hourglass from 'lucide-solid/icons/hourglass';
import Radio from 'lucide-solid/icons/radio';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { formatClock } from '../../i18n/format.ts';
import { formatMoment } from '../../i18n/moment.ts';
import { Badge } from '../../ui/badge.tsx';
import { describeState } from './key-state.ts';
import { useKeyText } from './key-text.ts';
import type { KeyEnvironment, KeyState, KeySummary } from './key-types.ts';

const ICONS: Readonly<Record<KeyState, typeof Clock>> = {
  active: CircleCheck,
  grace: Hourglass,
  disabled: CircleOff,
  expired: Clock,
  revoked: CircleX,
  replaced: CircleOff,
};

export function EnvironmentBadge(props: { environment: KeyEnvironment }): JSX.Element {
  const { t } = useKeyText();
  const icon = () => (props.environment === 'live' ? Radio : FlaskConical);
  return (
    <Badge
      tone={props.environment === 'live' ? 'accent' : 'neutral'}
      icon={<Dynamic component={icon()} aria-hidden="true" />}
    >
      {t(`environment.${props.environment}`)}
    </Badge>
  );
}

const DAY_SECONDS = 86_400;

function GraceLeft(props: { endsAt: number; now: number }): JSX.Element {
  const { t, format } = useKeyText();
  const seconds = () => Math.ceil((props.endsAt - props.now) / 1_000);
  return (
    <>
      <time class="block" datetime={new Date(props.endsAt).toISOString()}>
        {t('note.grace', { time: formatMoment(new Date(props.endsAt), new Date(props.now), format()) })}
      </time>
      <span class="block text-text-3">
        {t('note.graceLeft', {
          left: seconds() < DAY_SECONDS ? formatClock(seconds()) : format().duration(seconds()),
        })}
      </span>
    </>
  );
}

/** Icon and word; for a former secret the countdown of its grace, by the reader's own clock. */
export function KeyStateCell(props: { summary: KeySummary; now: number }): JSX.Element {
  const { t } = useKeyText();
  const view = () => describeState(props.summary, props.now);
  return (
    <div class="flex min-w-0 flex-col items-start gap-0.5" data-key-state={view().state}>
      <Badge tone={view().tone} icon={<Dynamic component={ICONS[view().state]} aria-hidden="true" />}>
        {t(`state.${view().state}`)}
      </Badge>
      <Show when={view().endsAt}>
        {(endsAt) => (
          <span class="text-caption text-text-2 figures">
            <GraceLeft endsAt={endsAt()} now={props.now} />
          </span>
        )}
      </Show>
    </div>
  );
}

import CircleCheck from 'lucide-solid/icons/circle-check';
import CircleX from 'lucide-solid/icons/circle-x';
import FlaskConical from 'lucide-solid/icons/flask-conical';
import Hourglass from 'lucide-solid/icons/hourglass';
import Radio from 'lucide-solid/icons/radio';
import TicketCheck from 'lucide-solid/icons/ticket-check';
import type { JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';

import { Badge } from '../../ui/badge.tsx';
import type { Tone } from '../../ui/badge.tsx';
import { useSessionText } from './session-text.ts';
import type { SessionState } from './session-types.ts';

const LOOK: Readonly<Record<SessionState, { tone: Tone; icon: typeof Radio }>> = {
  admitted: { tone: 'neutral', icon: Hourglass },
  issued: { tone: 'accent', icon: TicketCheck },
  connected: { tone: 'success', icon: Radio },
  ended: { tone: 'neutral', icon: CircleCheck },
  failed: { tone: 'danger', icon: CircleX },
};

export function SessionBadge(props: { state: SessionState }): JSX.Element {
  const { t } = useSessionText();
  const look = () => LOOK[props.state];
  return (
    <Badge
      tone={look().tone}
      icon={
        <Dynamic
          component={look().icon}
          aria-hidden="true"
          class={props.state === 'connected' ? 'animate-blink' : ''}
        />
      }
    >
      {t(`state.${props.state}`)}
    </Badge>
  );
}

export function DemoBadge(): JSX.Element {
  const { t } = useSessionText();
  return (
    <Badge tone="warning" icon={<FlaskConical aria-hidden="true" />} title={t('demoHint')}>
      {t('demo')}
    </Badge>
  );
}

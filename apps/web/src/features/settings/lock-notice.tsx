import LockKeyhole from 'lucide-solid/icons/lock-keyhole';
import type { JSX } from 'solid-js';

import { formatClock } from '../../i18n/format.ts';
import { Notice } from '../../ui/states.tsx';
import { AccountTextProvider, useAccountText } from './account-text.ts';
import { isLocked } from './lock.ts';
import type { Lock } from './lock.ts';

function Words(props: { lock: Lock; now: number }): JSX.Element {
  const { t, format } = useAccountText();
  const text = () => {
    const { untilMs } = props.lock;
    if (untilMs === null) return t('locked.unknown');
    if (!isLocked(props.lock, props.now)) return t('locked.over');
    return t('locked.text', {
      time: format().timeShort(new Date(untilMs)),
      left: formatClock(Math.ceil((untilMs - props.now) / 1_000)),
    });
  };
  return (
    <Notice tone="warning" icon={<LockKeyhole aria-hidden="true" />}>
      <p class="font-medium" role="alert">
        {t('locked.title')}
      </p>
      <p class="figures">{text()}</p>
    </Notice>
  );
}

/** Too many wrong tries: until when, counted down. The countdown itself is not read out. */
export function LockNotice(props: { lock: Lock; now: number }): JSX.Element {
  return (
    <AccountTextProvider>
      <Words lock={props.lock} now={props.now} />
    </AccountTextProvider>
  );
}

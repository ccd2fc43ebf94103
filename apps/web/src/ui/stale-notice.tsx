import RefreshCw from 'lucide-solid/icons/refresh-cw';
import WifiOff from 'lucide-solid/icons/wifi-off';
import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';
import { Button } from './button.tsx';
import { Notice } from './states.tsx';

/** Above a list whose refresh failed: it stays, and says that it is old. */
export function StaleNotice(props: { onRetry: () => void }): JSX.Element {
  const { t } = useI18n();
  return (
    <Notice
      tone="warning"
      icon={<WifiOff aria-hidden="true" />}
      isAlert
      action={
        <Button size="compact" onClick={() => props.onRetry()}>
          <RefreshCw aria-hidden="true" class="size-3.5" />
          {t('action.retry')}
        </Button>
      }
    >
      {t('state.stale')}
    </Notice>
  );
}

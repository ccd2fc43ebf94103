import Unplug from 'lucide-solid/icons/unplug';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/states.tsx';

/** Outside of the shell, which may be what failed. */
export function CrashPage(): JSX.Element {
  const { t } = useI18n();
  return (
    <main class="grid min-h-dvh place-items-center">
      <EmptyState
        icon={<Unplug aria-hidden="true" />}
        title={t('crash.title')}
        text={t('crash.text')}
        action={
          <Button variant="primary" onClick={() => location.reload()}>
            {t('crash.action')}
          </Button>
        }
      />
    </main>
  );
}

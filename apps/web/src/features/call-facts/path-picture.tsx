import ArrowRight from 'lucide-solid/icons/arrow-right';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';

/** The chosen ICE pair as a picture: which way the sound travels. */
export function PathPicture(props: {
  pair: { local: string; remote: string; protocol: string } | null;
}): JSX.Element {
  const { t } = useI18n();
  return (
    <Show when={props.pair} fallback={<p class="text-body text-text-2">{t('conn.none')}</p>}>
      {(pair) => (
        <div class="flex items-center gap-2 text-center" data-testid="ice-pair">
          <div class="flex-1 rounded-control bg-surface px-2 py-2.5">
            <p class="text-caption text-text-3">{t('conn.local')}</p>
            <p class="font-mono text-table">{pair().local}</p>
          </div>
          <div class="flex flex-col items-center text-text-3">
            <span class="text-caption uppercase">{pair().protocol}</span>
            <ArrowRight aria-hidden="true" class="size-4" />
          </div>
          <div class="flex-1 rounded-control bg-surface px-2 py-2.5">
            <p class="text-caption text-text-3">{t('conn.remote')}</p>
            <p class="font-mono text-table">{pair().remote}</p>
          </div>
        </div>
      )}
    </Show>
  );
}

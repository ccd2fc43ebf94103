import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';

const USUAL_SECONDS = 5;

/** Whether what is on the screen follows the server. */
export function LiveMark(props: { isFresh: boolean; everySeconds?: number }): JSX.Element {
  const { t } = useI18n();
  return (
    <p
      class="flex items-center gap-2 text-table text-text-2"
      title={t('live.hint', { seconds: props.everySeconds ?? USUAL_SECONDS })}
    >
      <span
        aria-hidden="true"
        class={`size-2 rounded-full ${props.isFresh ? 'animate-blink bg-success' : 'bg-warning'}`}
      />
      {t(props.isFresh ? 'live.on' : 'live.stale')}
    </p>
  );
}

import Ear from 'lucide-solid/icons/ear';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/states.tsx';
import type { Call } from './call.ts';

/** What somebody has to know while a call runs; hardly any call has one. */
export function CallNotices(props: { call: Call }): JSX.Element {
  const { t } = useI18n();
  return (
    <>
      <Show when={props.call.isPlaybackBlocked()}>
        <div class="px-4 pb-4">
          <Notice
            tone="accent"
            icon={<Ear aria-hidden="true" />}
            isAlert
            action={
              <Button size="compact" variant="primary" onClick={() => props.call.resumePlayback()}>
                {t('call.tapToHear')}
              </Button>
            }
          >
            {t('call.tapToHearText')}
          </Notice>
        </div>
      </Show>
      <Show when={props.call.warning()}>
        {(code) => (
          <div class="px-4 pb-4">
            <Notice tone="warning" icon={<TriangleAlert aria-hidden="true" />}>
              {t(`warning.${code()}`)}
            </Notice>
          </div>
        )}
      </Show>
    </>
  );
}

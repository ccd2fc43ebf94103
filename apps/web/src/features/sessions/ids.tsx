import { For, Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { IdChip } from '../../ui/id-chip.tsx';
import { Fact, Nothing } from '../../ui/panel.tsx';
import { useSessionText } from './session-text.ts';
import type { SessionDetail } from './session-types.ts';

export function Ids(props: { session: SessionDetail }): JSX.Element {
  const { t } = useSessionText();
  const ids = () =>
    [
      ['detail.id.session', props.session.id],
      ['detail.id.provider', props.session.providerSessionId],
      ['detail.id.call', props.session.callId],
      ['detail.id.request', props.session.requestId],
    ] as const;
  return (
    <dl class="flex flex-col gap-2.5">
      <For each={ids()}>
        {([key, id]) => (
          <Fact label={t(key)}>
            <Show when={id} fallback={<Nothing />}>
              {(value) => <IdChip id={value()} what={t(key)} isWhole />}
            </Show>
          </Fact>
        )}
      </For>
    </dl>
  );
}

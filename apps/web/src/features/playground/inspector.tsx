import { Tabs } from '@kobalte/core/tabs';
import { createSignal, For, lazy, Suspense } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import type { MessageKey } from '../../i18n/dictionary.ts';
import type { Call } from './call.ts';
import type { CodeInput } from './code-samples.ts';
import { LatencyTab } from './latency-tab.tsx';

/** Those that nobody looks at first come when they are chosen. */
const ConnectionTab = lazy(async () => ({
  default: (await import('./connection-tab.tsx')).ConnectionTab,
}));
const CodeTab = lazy(async () => ({ default: (await import('./code-tab.tsx')).CodeTab }));
const EventsTab = lazy(async () => ({ default: (await import('./events-tab.tsx')).EventsTab }));

const TABS = ['latency', 'connection', 'events', 'code'] as const;
type TabName = (typeof TABS)[number];

const TAB_KEYS = {
  latency: 'tab.latency',
  connection: 'tab.connection',
  events: 'tab.events',
  code: 'tab.code',
} as const satisfies Record<TabName, MessageKey>;

/** What happens behind the call. */
export function Inspector(props: { call: Call; code: CodeInput }): JSX.Element {
  const { t } = useI18n();
  const [tab, setTab] = createSignal<string>('latency');
  const panel = 'flex min-h-0 flex-1 flex-col p-4';
  return (
    <section
      class="card flex min-h-80 flex-col overflow-hidden lg:h-[calc(100dvh-116px)]"
      aria-label={t('play.inspect')}
    >
      <Tabs value={tab()} onChange={setTab} class="flex min-h-0 flex-1 flex-col">
        <Tabs.List
          class="flex overflow-x-auto border-b border-border px-2 scroll-quiet"
          aria-label={t('play.inspect')}
        >
          <For each={TABS}>
            {(name) => (
              <Tabs.Trigger
                value={name}
                class="relative min-h-11 flex-1 whitespace-nowrap rounded-control px-2.5 text-table font-medium text-text-2 transition-colors -outline-offset-4 after:absolute after:inset-x-2 after:bottom-0 after:h-0.5 after:rounded-full hover:text-text data-[selected]:text-text data-[selected]:after:bg-accent"
              >
                {t(TAB_KEYS[name])}
              </Tabs.Trigger>
            )}
          </For>
        </Tabs.List>
        <Tabs.Content value="latency" class={`${panel} overflow-y-auto scroll-quiet`}>
          <LatencyTab call={props.call} />
        </Tabs.Content>
        <Tabs.Content value="connection" class={`${panel} overflow-y-auto scroll-quiet`}>
          <Suspense>
            <ConnectionTab call={props.call} icePolicy={props.code.icePolicy} />
          </Suspense>
        </Tabs.Content>
        <Tabs.Content value="events" class={panel}>
          <Suspense>
            <EventsTab lines={props.call.log()} />
          </Suspense>
        </Tabs.Content>
        <Tabs.Content value="code" class={panel}>
          <Suspense>
            <CodeTab input={props.code} />
          </Suspense>
        </Tabs.Content>
      </Tabs>
    </section>
  );
}

import { For } from 'solid-js';
import type { JSX } from 'solid-js';

import { useI18n } from '../../i18n/context.tsx';
import type { MessageKey } from '../../i18n/dictionary.ts';
import { en } from '../../i18n/en/en.ts';

export type Step = { name: string; ms: number };

function isKey(key: string): key is MessageKey {
  return key in en;
}

/** A name for a step of any client: one that this version does not know keeps its own. */
export function findStepKey(name: string): MessageKey | null {
  const key = `step.${name}`;
  return isKey(key) ? key : null;
}

/** Where each step begins, so that the bars form a waterfall. */
export function createWaterfall(steps: readonly Step[]): (Step & { startMs: number })[] {
  let startMs = 0;
  return steps.map((step) => {
    const placed = { ...step, startMs };
    startMs += step.ms;
    return placed;
  });
}

export function sumMs(steps: readonly Step[]): number {
  return steps.reduce((sum, step) => sum + step.ms, 0);
}

export function StepBars(props: { steps: readonly Step[]; label: string }): JSX.Element {
  const { t, format } = useI18n();
  const total = () => Math.max(1, sumMs(props.steps));
  const name = (step: Step) => {
    const key = findStepKey(step.name);
    return key === null ? step.name : t(key);
  };
  return (
    <ol class="flex flex-col gap-2.5" aria-label={props.label}>
      <For each={createWaterfall(props.steps)}>
        {(step) => (
          <li class="flex flex-col gap-1">
            <span class="flex items-baseline justify-between gap-3 text-table">
              <span class="text-text-2">{name(step)}</span>
              <span class="font-mono text-caption figures">{format().milliseconds(step.ms)}</span>
            </span>
            <svg
              class="h-1.5 w-full overflow-hidden rounded-full bg-muted"
              viewBox="0 0 100 6"
              preserveAspectRatio="none"
              aria-hidden="true"
            >
              <rect
                class="fill-accent"
                x={(step.startMs / total()) * 100}
                y="0"
                width={Math.max(0.8, (step.ms / total()) * 100)}
                height="6"
              />
            </svg>
          </li>
        )}
      </For>
      <li class="flex items-baseline justify-between gap-3 border-t border-border pt-2 text-table font-medium">
        <span>{t('latency.total')}</span>
        <span class="font-mono text-caption figures">{format().milliseconds(sumMs(props.steps))}</span>
      </li>
    </ol>
  );
}

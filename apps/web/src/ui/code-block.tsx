import type { JSX } from 'solid-js';

import { CopyButton } from './copy-button.tsx';

/** Several lines to take along as they are; long ones scroll in their place. */
export function CodeBlock(props: { label: string; copyLabel: string; code: string }): JSX.Element {
  return (
    <div class="flex items-start gap-2 rounded-control bg-muted py-1 pe-1 ps-3">
      <pre
        class="min-w-0 flex-1 overflow-x-auto py-1.5 font-mono text-caption scroll-quiet"
        tabindex="0"
        aria-label={props.label}
      >
        {props.code}
      </pre>
      <CopyButton text={() => props.code} label={props.copyLabel} />
    </div>
  );
}

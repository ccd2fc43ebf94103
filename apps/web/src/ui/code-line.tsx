import type { JSX } from 'solid-js';

import { CopyButton } from './copy-button.tsx';

/** One line to take along as it is: a command, a value. */
export function CodeLine(props: { code: string; copyLabel: string }): JSX.Element {
  return (
    <div class="flex items-center gap-2 rounded-control bg-muted ps-3 pe-1 py-1">
      <code class="min-w-0 flex-1 break-all font-mono text-caption">{props.code}</code>
      <CopyButton text={() => props.code} label={props.copyLabel} />
    </div>
  );
}

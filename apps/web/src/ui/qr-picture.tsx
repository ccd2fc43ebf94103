import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { createQrCode } from './qr-code.ts';
import type { QrMatrix } from './qr-code.ts';

/** Light modules that belong around it. */
const MARGIN = 4;

function toPath(matrix: QrMatrix): string {
  return matrix
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x + MARGIN} ${y + MARGIN}h1v1h-1z`] : [])))
    .join('');
}

/** Dark on white in either theme, as cameras expect it; nothing for a text that does not fit. */
export function QrPicture(props: { text: string; label: string }): JSX.Element {
  const matrix = () => createQrCode(props.text);
  return (
    <Show when={matrix()}>
      {(found) => (
        <svg
          role="img"
          aria-label={props.label}
          class="size-46 shrink-0 rounded-card border border-border"
          viewBox={`0 0 ${found().length + 2 * MARGIN} ${found().length + 2 * MARGIN}`}
          shape-rendering="crispEdges"
        >
          <rect width="100%" height="100%" fill="#ffffff" />
          <path d={toPath(found())} fill="#000000" />
        </svg>
      )}
    </Show>
  );
}

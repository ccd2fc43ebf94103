import { onMount } from 'solid-js';
import type { JSX } from 'solid-js';

import { CopyButton } from './copy-button.tsx';

function selectAll(element: HTMLInputElement): void {
  onMount(() => {
    element.focus();
    element.select();
    // Selecting leads to the end; a secret is told by its beginning.
    element.scrollLeft = 0;
  });
}

/** A secret to be taken along: selected, and out of the way of password managers. */
export function ShownSecret(props: {
  id: string;
  label: string;
  copyLabel: string;
  secret: string;
}): JSX.Element {
  return (
    <div class="flex flex-col gap-1.5">
      <label for={props.id} class="text-table font-medium">
        {props.label}
      </label>
      <div class="flex gap-2">
        <input
          ref={selectAll}
          id={props.id}
          class="field min-w-0 font-mono text-caption"
          value={props.secret}
          readonly
          autocomplete="off"
          spellcheck={false}
          data-1p-ignore
          data-lpignore="true"
          data-bwignore="true"
        />
        <CopyButton text={() => props.secret} label={props.copyLabel} class="border border-control px-3" />
      </div>
    </div>
  );
}

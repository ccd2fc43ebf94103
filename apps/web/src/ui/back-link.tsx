import { A } from '@solidjs/router';
import ArrowLeft from 'lucide-solid/icons/arrow-left';
import type { JSX } from 'solid-js';

/** From a detail to its list, above the title. */
export function BackLink(props: { href: string; children: JSX.Element }): JSX.Element {
  return (
    <A
      href={props.href}
      class="mb-1 inline-flex w-fit items-center gap-1.5 rounded-control text-table font-medium text-text-2 no-underline hover:text-text touch-target"
    >
      <ArrowLeft aria-hidden="true" class="size-4" />
      {props.children}
    </A>
  );
}

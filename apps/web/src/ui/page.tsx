import { createEffect, onMount, Show } from 'solid-js';
import type { JSX } from 'solid-js';

/**
 * A deep link that opens on a heading would swallow the skip link: only a navigation moves the focus. What was pressed may
 * have gone with its page, so the document itself remembers that it is not on its first one.
 */
function focusAfterNavigation(heading: HTMLHeadingElement): void {
  onMount(() => {
    const { dataset } = document.body;
    if (dataset['hasNavigated'] !== undefined) heading.focus();
    dataset['hasNavigated'] = '';
  });
}

type PageHeaderProps = {
  title: string;
  documentTitle?: string;
  lead?: string;
  before?: JSX.Element;
  /** Below the title, where a plain sentence is not enough. */
  after?: JSX.Element;
  children?: JSX.Element;
};

/** The page's one `h1`: names the document and takes the focus after a navigation. */
export function PageHeader(props: PageHeaderProps): JSX.Element {
  createEffect(() => {
    document.title = `${props.documentTitle ?? props.title} · Ephemera`;
  });
  return (
    <header class="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div class="flex min-w-0 flex-col gap-0.5">
        {props.before}
        <h1
          ref={focusAfterNavigation}
          tabindex="-1"
          class="wrap-anywhere text-h2 font-semibold tracking-tight text-text"
        >
          {props.title}
        </h1>
        <Show when={props.lead}>
          <p class="text-body text-text-2">{props.lead}</p>
        </Show>
        {props.after}
      </div>
      {props.children}
    </header>
  );
}

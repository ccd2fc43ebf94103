import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';

/** How long ago, with the exact time on hover and for machines. */
export function RelativeTime(props: { at: string; now: number }): JSX.Element {
  const { format } = useI18n();
  const date = () => new Date(props.at);
  return (
    <time datetime={props.at} title={format().dateTime(date())} class="whitespace-nowrap">
      {format().relative(date(), new Date(props.now))}
    </time>
  );
}

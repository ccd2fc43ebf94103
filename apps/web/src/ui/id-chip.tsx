import type { JSX } from 'solid-js';

import { useI18n } from '../i18n/context.tsx';
import { CopyButton } from './copy-button.tsx';

/** Keeps the prefix and the end, which is what people compare. */
export function truncateMiddle(id: string, head = 10, tail = 6): string {
  return id.length <= head + tail + 1 ? id : `${id.slice(0, head)}…${id.slice(-tail)}`;
}

export function IdChip(props: { id: string; what: string; isWhole?: boolean }): JSX.Element {
  const { t } = useI18n();
  return (
    <span class="inline-flex max-w-full items-center gap-0.5">
      <code class="min-w-0 break-all font-mono text-caption text-text" title={props.id}>
        {props.isWhole === true ? props.id : truncateMiddle(props.id)}
      </code>
      <CopyButton text={() => props.id} label={t('copy.label', { what: props.what })} class="shrink-0" />
    </span>
  );
}

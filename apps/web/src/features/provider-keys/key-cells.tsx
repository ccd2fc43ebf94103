import { A } from '@solidjs/router';
import { Show } from 'solid-js';
import type { JSX } from 'solid-js';

import { Nothing } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { findAge } from './age.ts';
import { findErrorShare, findShareTone } from './error-share.ts';
import type { ShareTone } from './error-share.ts';
import { DemoKeyBadge, EnvironmentBadge } from './key-badge.tsx';
import { useKeyText } from './key-text.ts';
import type { KeySummary } from './key-types.ts';
import { Sparkline } from './sparkline.tsx';

/** The end of a key is all of it that anyone sees. */
export function LastFour(props: { digits: string }): JSX.Element {
  const { t } = useKeyText();
  return (
    <span class="whitespace-nowrap font-mono text-caption leading-5 text-text-2">
      <span aria-hidden="true">…{props.digits}</span>
      <span class="sr-only">{t('lastFour.spoken', { digits: props.digits })}</span>
    </span>
  );
}

export function KeyLink(props: { summary: KeySummary }): JSX.Element {
  return (
    <A
      href={`/provider-keys/${props.summary.id}`}
      class="min-w-0 font-medium text-text no-underline after:absolute after:inset-0 group-hover:text-accent"
      title={props.summary.name}
    >
      <span class="line-clamp-2 wrap-anywhere">{props.summary.name}</span>
    </A>
  );
}

export function KeyMarks(props: { summary: KeySummary }): JSX.Element {
  return (
    <>
      <Show when={props.summary.source === 'environment'}>
        <EnvironmentBadge />
      </Show>
      <Show when={props.summary.isDemo}>
        <DemoKeyBadge />
      </Show>
    </>
  );
}

const SHARE_TONES: Readonly<Record<ShareTone, string>> = {
  quiet: 'text-text',
  warning: 'text-warning',
  danger: 'text-danger',
};

export function ErrorShare(props: { summary: KeySummary }): JSX.Element {
  const { t, format } = useKeyText();
  const share = () => findErrorShare(props.summary.uses24h, props.summary.errors24h);
  return (
    <Show when={share() !== null} fallback={<Nothing />}>
      <span
        class={`whitespace-nowrap font-mono text-caption leading-5 figures ${SHARE_TONES[findShareTone(share())]}`}
        title={t('share.of', {
          errors: format().integer(props.summary.errors24h),
          uses: format().integer(props.summary.uses24h),
        })}
      >
        {format().percent(share() ?? 0)}
      </span>
    </Show>
  );
}

export function ErrorCell(props: { summary: KeySummary; now: number }): JSX.Element {
  return (
    <div class="flex items-center justify-end gap-2">
      <ErrorShare summary={props.summary} />
      <Sparkline series={props.summary.errorSeries24h} now={props.now} />
    </div>
  );
}

export function LastErrorCell(props: { summary: KeySummary; now: number }): JSX.Element {
  const { t } = useKeyText();
  return (
    <Show when={props.summary.lastError} fallback={<span class="text-text-3">{t('never.failed')}</span>}>
      {(text) => (
        <span class="flex min-w-0 flex-col">
          <span class="line-clamp-3 wrap-anywhere font-mono text-caption" title={text()}>
            {text()}
          </span>
          <Show when={props.summary.lastErrorAt}>
            {(at) => (
              <span class="text-caption text-text-3">
                <RelativeTime at={at()} now={props.now} />
              </span>
            )}
          </Show>
        </span>
      )}
    </Show>
  );
}

export function LastUsedCell(props: { summary: KeySummary; now: number }): JSX.Element {
  const { t } = useKeyText();
  return (
    <Show when={props.summary.lastUsedAt} fallback={<span class="text-text-3">{t('never.used')}</span>}>
      {(at) => <RelativeTime at={at()} now={props.now} />}
    </Show>
  );
}

export function AgeCell(props: { summary: KeySummary; now: number }): JSX.Element {
  const { t, plural, format } = useKeyText();
  const age = () => findAge(props.summary.createdAt, props.now);
  const text = () => {
    const { unit, count } = age();
    return unit === 'now' ? t('age.now') : plural(`age.${unit}`, count);
  };
  return (
    <time
      class="whitespace-nowrap"
      datetime={props.summary.createdAt}
      title={format().dateTime(new Date(props.summary.createdAt))}
    >
      {text()}
    </time>
  );
}

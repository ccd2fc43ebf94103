import type { Formatters } from '../../i18n/format.ts';
import type { useSessionText } from './session-text.ts';
import type { UsageEvent } from './session-types.ts';

type Text = Pick<ReturnType<typeof useSessionText>, 't'>;
type Counts = Pick<
  UsageEvent,
  | 'textInput'
  | 'textCachedInput'
  | 'textOutput'
  | 'audioInput'
  | 'audioCachedInput'
  | 'audioOutput'
  | 'imageInput'
  | 'imageCachedInput'
  | 'seconds'
>;

/** What one event was counted with, in words: `in 1,204 audio, 310 text (512 cached)`, `out 820 audio`. */
export function describeUsage(
  counts: Counts,
  { t }: Text,
  format: Pick<Formatters, 'integer' | 'duration'>,
): string[] {
  const part = (key: 'timeline.audio' | 'timeline.text' | 'timeline.image', count: number) =>
    count > 0 ? [t(key, { count: format.integer(count) })] : [];
  const cached = counts.textCachedInput + counts.audioCachedInput + counts.imageCachedInput;
  const input = [
    ...part('timeline.audio', counts.audioInput),
    ...part('timeline.text', counts.textInput),
    ...part('timeline.image', counts.imageInput),
  ];
  const output = [...part('timeline.audio', counts.audioOutput), ...part('timeline.text', counts.textOutput)];
  const ofCache = cached > 0 ? ` (${t('timeline.cached', { count: format.integer(cached) })})` : '';
  return [
    ...(input.length > 0 ? [t('timeline.input', { parts: input.join(', ') }) + ofCache] : []),
    ...(output.length > 0 ? [t('timeline.output', { parts: output.join(', ') })] : []),
    ...(counts.seconds > 0
      ? [t('timeline.heard', { seconds: format.duration(Math.round(counts.seconds)) })]
      : []),
  ];
}

import type { DotTone } from '../../ui/timeline.tsx';

export type EntryWords<TMessage> = {
  /** `null`: an action that this version has no words for; then `code` is shown. */
  message: TMessage | null;
  code: string;
  tone: DotTone;
};

export type KnownActions<TMessage> = Readonly<Record<string, { message: TMessage; tone: DotTone }>>;

/** What an audit entry is called. An action that was refused or failed looks alike, whichever it is. */
export function describeEntry<TMessage>(
  entry: { action: string; result: string },
  actions: KnownActions<TMessage>,
): EntryWords<TMessage> {
  const known = actions[entry.action];
  return {
    message: known?.message ?? null,
    code: entry.action.replaceAll(/[._]/g, ' '),
    tone: entry.result === 'ok' ? (known?.tone ?? 'accent') : 'danger',
  };
}

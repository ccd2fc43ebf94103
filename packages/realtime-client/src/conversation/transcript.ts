/** One message of the conversation. */
export type TranscriptItem = {
  /** The provider's item id. */
  id: string;
  role: 'user' | 'assistant' | 'system';
  /** What is known so far; grows while `status` is `partial`. */
  text: string;
  /** `failed`: the words could not be transcribed; the message itself was heard. */
  status: 'partial' | 'final' | 'interrupted' | 'failed';
  /** Milliseconds of the answer that were played before it was interrupted. */
  playedMs: number | null;
};

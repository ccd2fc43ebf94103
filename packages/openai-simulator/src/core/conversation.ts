import type { ConversationItem } from './events.ts';
import type { Prompt } from './mind.ts';
import { countTextTokens, sumTokens, type Tokens } from './usage.ts';

export type Entry = { item: ConversationItem & { id: string }; tokens: Tokens; prompt: Prompt | null };

/** The items of one session, in order, with what each costs when the conversation is sent again. */
export class Conversation {
  readonly #entries: Entry[] = [];

  get tokens(): Tokens {
    return sumTokens(this.#entries.map((entry) => entry.tokens));
  }

  get lastId(): string | null {
    return this.#entries.at(-1)?.item.id ?? null;
  }

  get hasAnswerInSound(): boolean {
    return this.#entries.some(
      ({ item, tokens }) => 'role' in item && item.role === 'assistant' && tokens.audio > 0,
    );
  }

  find(id: string): Entry | null {
    return this.#entries.find((entry) => entry.item.id === id) ?? null;
  }

  /** Adds after `previousId`, at the start for `root`, at the end otherwise; null when that item is unknown. */
  add(entry: Entry, previousId?: string | null): { previousId: string | null } | null {
    if (previousId === undefined || previousId === null) {
      const last = this.lastId;
      this.#entries.push(entry);
      return { previousId: last };
    }
    if (previousId === 'root') {
      this.#entries.unshift(entry);
      return { previousId: null };
    }
    const index = this.#entries.findIndex((known) => known.item.id === previousId);
    if (index === -1) return null;
    this.#entries.splice(index + 1, 0, entry);
    return { previousId };
  }

  findPreviousId(id: string): string | null {
    const index = this.#entries.findIndex((entry) => entry.item.id === id);
    return this.#entries[index - 1]?.item.id ?? null;
  }

  remove(id: string): boolean {
    const index = this.#entries.findIndex((entry) => entry.item.id === id);
    if (index === -1) return false;
    this.#entries.splice(index, 1);
    return true;
  }

  /** What is still to be answered: the newest prompt after the assistant's last word. */
  get openPrompt(): Prompt {
    for (const entry of this.#entries.toReversed()) {
      if (entry.prompt !== null) return entry.prompt;
      if (entry.item.type === 'message' && entry.item.role === 'assistant') break;
    }
    return { kind: 'nothing' };
  }
}

const readText = (content: readonly { text?: string; transcript?: string | null }[]): string =>
  content
    .map((part) => part.text ?? part.transcript ?? '')
    .join(' ')
    .trim();

const weigh = (text: string): Tokens => ({ text: countTextTokens(text), audio: 0 });

/** What a client's own item asks of the mind and costs in the context. */
export function weighItem(item: ConversationItem): { tokens: Tokens; prompt: Prompt | null } {
  if (item.type === 'message') {
    const text = readText(item.content);
    return { tokens: weigh(text), prompt: item.role === 'user' ? { kind: 'text', text } : null };
  }
  if (item.type === 'function_call_output') {
    return { tokens: weigh(item.output), prompt: { kind: 'tool_output', output: item.output } };
  }
  if (item.type === 'function_call') return { tokens: weigh(item.name + item.arguments), prompt: null };
  return { tokens: weigh(JSON.stringify(item)), prompt: null };
}

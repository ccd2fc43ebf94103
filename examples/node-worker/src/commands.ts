import { type KeyClient, KeyClientError, type NodeMessage } from '@ephemera/service-client';
import { loadavg, uptime } from 'node:os';

/** What a `command` message may ask for, in `content.run`. */
export type CommandAnswer = { ok: true; result: Record<string, unknown> } | { ok: false; error: string };

function readField(content: unknown, name: string): string | null {
  const value: unknown = typeof content === 'object' && content !== null ? Reflect.get(content, name) : null;
  return typeof value === 'string' ? value : null;
}

/** Proves that the key was had, and keeps it here: an answer travels and is stored. */
async function describeKey(keys: KeyClient, provider: string): Promise<CommandAnswer> {
  try {
    const { id, name, key } = await keys.getApiKey(provider);
    return { ok: true, result: { keyId: id, name, characters: key.length } };
  } catch (error) {
    if (!(error instanceof KeyClientError)) throw error;
    // What can pass by itself is tried again later, with the message.
    if (error.retryable && error.code !== 'no_key') throw error;
    return { ok: false, error: error.code };
  }
}

export async function runCommand({ content }: NodeMessage, keys: KeyClient): Promise<CommandAnswer> {
  const run = readField(content, 'run');
  if (run === 'ping') return { ok: true, result: { pong: true } };
  if (run === 'load') return { ok: true, result: { load: loadavg()[0] ?? 0, uptimeSeconds: uptime() } };
  if (run === 'check-key') return await describeKey(keys, readField(content, 'provider') ?? 'openai');
  return { ok: false, error: 'unknown_command' };
}

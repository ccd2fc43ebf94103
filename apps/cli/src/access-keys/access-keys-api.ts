import type { RouterOutputs } from '@ephemera/api';

import { CliError, EXIT } from '../cli-error.ts';
import { type BrokerApi, connectBroker } from '../keys-api.ts';
import { sanitize } from '../table.ts';
import type { Terminal } from '../terminal.ts';

export type AccessKeysApi = BrokerApi['accessKeys'];
export type AccessKey = RouterOutputs['accessKeys']['list']['items'][number];

/** Signs the operator in; every call of the result may reject with a TRPCClientError, see `toCliError`. */
export async function connectToAccessKeys(terminal: Terminal): Promise<AccessKeysApi> {
  return (await connectBroker(terminal)).accessKeys;
}

/** A key by its id, or by its name where one key in use has it; the former secrets of a key are not meant by a name. */
export async function findAccessKey(api: AccessKeysApi, selector: string): Promise<AccessKey> {
  const { items } = await api.list.query();
  const byId = items.find(({ id }) => id === selector);
  if (byId !== undefined) return byId;
  const named = items.filter(({ name, replacedBy }) => name === selector && replacedBy === null);
  const [key, ...others] = named.length > 1 ? named.filter(({ state }) => state !== 'revoked') : named;
  if (key !== undefined && others.length === 0) return key;
  if (named.length === 0) {
    const message = `There is no access key "${sanitize(selector)}". See \`access-keys list\`.`;
    throw new CliError(EXIT.notFound, message);
  }
  const ids = named.map(({ id, state }) => `${id} (${state})`).join(', ');
  throw new CliError(
    EXIT.usage,
    `Several keys are called "${sanitize(selector)}"; name one by its id: ${ids}.`,
  );
}

/** One key in one sentence; of its secret only the beginning and the last four characters. */
export function describeAccessKey({ name, id, prefix, lastFour, state }: AccessKey): string {
  return `${sanitize(name)} (${sanitize(prefix)}…${sanitize(lastFour)}, ${id}): ${state}`;
}

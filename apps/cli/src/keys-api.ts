import type { AppRouter, RouterOutputs } from '@ephemera/api';
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client';

import { CliError, EXIT, type ExitCode } from './cli-error.ts';
import { findOperatorConnection } from './connection.ts';
import { signIn } from './sign-in.ts';
import { sanitize } from './table.ts';
import type { Terminal } from './terminal.ts';

export type KeyList = RouterOutputs['keys']['list'];
export type KeySummary = KeyList['items'][number];
export type TestResult = RouterOutputs['keys']['test']['test'];
export type UsageHours = RouterOutputs['keys']['usage']['hours'];
export type RewrapStep = RouterOutputs['keys']['rewrap'];
export type BrokerApi = ReturnType<typeof createTRPCClient<AppRouter>>;
export type KeysApi = BrokerApi['keys'];

const TIMEOUT_MS = 60_000;

/** Signs the operator in; every call of the result may reject with a TRPCClientError, see `toCliError`. */
export async function connectAsOperator(terminal: Terminal): Promise<KeysApi> {
  return (await connectBroker(terminal)).keys;
}

export async function connectBroker(terminal: Terminal): Promise<BrokerApi> {
  const connection = await findOperatorConnection(terminal);
  const token = await signIn(connection);
  return createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${connection.url}/trpc`,
        headers: { authorization: `Bearer ${token}` },
        fetch: (input, init) =>
          fetch(input, {
            // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because tRPC's type is wider only by `signal: undefined`
            ...(init as RequestInit | undefined),
            redirect: 'error',
            signal: AbortSignal.timeout(TIMEOUT_MS),
          }),
      }),
    ],
  });
}

const EXIT_BY_STATUS: Readonly<Record<number, ExitCode>> = {
  401: EXIT.noAccess,
  403: EXIT.noAccess,
  404: EXIT.notFound,
  503: EXIT.unreachable,
};

/** The server's own words, with the request id to look for in its log. Null for an error that is none of the server's. */
export function toCliError(error: unknown): CliError | null {
  if (!isApiError(error)) return null;
  const { data } = error;
  if (!data) {
    const message =
      'The server cannot be reached, or it is not Ephemera of this version. Check EPHEMERA_URL.';
    return new CliError(EXIT.unreachable, message, { cause: error });
  }
  const { details, requestId, appCode } = data;
  const issues = (details.issues ?? []).map(({ path, message }) => `${path}: ${message}`).join('; ');
  const retry =
    details.retryAfterSeconds === undefined ? '' : ` Try again in ${details.retryAfterSeconds} s.`;
  const told = sanitize(`${error.message}${issues === '' ? '' : ` (${issues})`}${retry}`);
  const message = `${told} [${appCode}${requestId === null ? '' : `, ${requestId}`}]`;
  return new CliError(EXIT_BY_STATUS[data.httpStatus] ?? EXIT.failed, message, { cause: error });
}

function isApiError(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError;
}

/** A key by its id, or by its name where only one has it. */
export function findKey({ items }: KeyList, selector: string): KeySummary {
  const found = items.filter(({ id, name }) => id === selector || name === selector);
  const [key] = found;
  if (key === undefined) {
    throw new CliError(EXIT.notFound, `There is no key "${sanitize(selector)}". See \`keys list\`.`);
  }
  if (found.length === 1) return key;
  const ids = found.map(({ id, state }) => `${id} (${state})`).join(', ');
  throw new CliError(
    EXIT.usage,
    `Several keys are called "${sanitize(selector)}"; name one by its id: ${ids}.`,
  );
}

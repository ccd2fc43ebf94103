import { RealtimeError } from '../errors.ts';

/** The caller's access tokens, remembering the last one for the moment when there is no time to ask. */
export type AccessTokens = {
  /** @throws RealtimeError `mint_refused` (`brokerCode: 'unauthenticated'`), `broker_unreachable` */
  get(): Promise<string>;
  last(): string | null;
};

export function createAccessTokens(getAccessToken: () => string | Promise<string>): AccessTokens {
  let last: string | null = null;
  return {
    async get() {
      try {
        last = await getAccessToken();
        return last;
      } catch (cause) {
        throw toAccessError(cause);
      }
    },
    last: () => last,
  };
}

/** A `TypeError` is what every `fetch` throws when the network is gone. */
function toAccessError(cause: unknown): RealtimeError {
  if (cause instanceof RealtimeError) return cause;
  return cause instanceof TypeError
    ? new RealtimeError('broker_unreachable', 'The access token could not be fetched', { cause })
    : new RealtimeError('mint_refused', 'There is no access token', { cause, brokerCode: 'unauthenticated' });
}

import type { AppRouter } from '@ephemera/api';
import { createTRPCClient, httpBatchLink } from '@trpc/client';
import type { TRPCClient } from '@trpc/client';

import { createAuthClient } from './auth.ts';
import type { AuthClient } from './auth.ts';
import { createAuthorizedFetch } from './authorized-fetch.ts';
import { createTrpcOptions } from './options-proxy.ts';
import type { TrpcOptions } from './options-proxy.ts';
import { createReauthentication, createReauthenticationLink } from './reauthentication.ts';
import type { Reauthentication } from './reauthentication.ts';
import { createTokenSource } from './token-source.ts';
import type { TokenSource } from './token-source.ts';

export type Api = {
  auth: AuthClient;
  tokens: TokenSource;
  reauthentication: Reauthentication;
  client: TRPCClient<AppRouter>;
  trpc: TrpcOptions<AppRouter>;
};

export type ApiOptions = { fetch: typeof fetch; now: () => number };

/** Everything the app asks the broker for, on the page's own origin. */
export function createApi(options: ApiOptions): Api {
  const tokens = createTokenSource(options);
  const send = createAuthorizedFetch(tokens, options.fetch);
  const reauthentication = createReauthentication();
  const client = createTRPCClient<AppRouter>({
    links: [
      createReauthenticationLink(reauthentication.ask),
      httpBatchLink({
        url: '/trpc',
        maxURLLength: 2_083,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because tRPC's type is wider only by `signal: undefined`
        fetch: (input, init) => send(input, init as RequestInit | undefined),
      }),
    ],
  });
  const auth = createAuthClient(options.fetch);
  return { auth, tokens, reauthentication, client, trpc: createTrpcOptions(client) };
}

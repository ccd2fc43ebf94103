import type { AppRouter } from '@ephemera/api';
import { createTRPCClient, httpLink } from '@trpc/client';

import { toBrokerError } from './broker-error.ts';
import type { BrokerRefusal } from './broker-error.ts';
import type { Broker } from './broker.ts';
import { createAccessTokens } from './access-tokens.ts';
import { postEnd, sendClosingEnd } from './report-end.ts';
import { sendClosingUsage } from './report-usage.ts';

export type BrokerOptions = {
  /** Origin of the broker, for instance `https://broker.example`; empty for the page's own. */
  url: string;
  /** The user's JWT for the broker. Asked before every request: return a cached one while it is good. */
  getAccessToken: () => string | Promise<string>;
  fetch?: typeof fetch;
  /** Instead of `navigator.sendBeacon`; returns whether the browser took the message. */
  sendBeacon?: (url: string, body: string) => boolean;
};

/** Talks to the broker over its typed API. Opens nothing before the first call. */
export function createBroker({ getAccessToken, ...options }: BrokerOptions): Broker {
  const send: typeof fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  const url = options.url.replace(/\/+$/, '');
  const accessTokens = createAccessTokens(getAccessToken);
  const api = createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${url}/trpc`,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because tRPC's type is wider only by `signal: undefined`
        fetch: (input, init) => send(input, init as RequestInit | undefined),
        headers: async () => ({ authorization: `Bearer ${await accessTokens.get()}` }),
      }),
    ],
  });

  return {
    async mint(input) {
      const token = await orThrow('mint_refused', api.tokens.create.mutate(input));
      const { value, sessionId, callsUrl, model, warnings, expiresAt, serverTime } = token;
      const dates = { expiresAt: new Date(expiresAt), serverTime: new Date(serverTime) };
      return { value, sessionId, callsUrl, model, warnings, ...dates };
    },
    async issueIceServers() {
      const { iceServers, expiresAt, provider } = await orThrow(
        'turn_unavailable',
        api.turn.issue.mutate({}),
      );
      return { iceServers, provider, expiresAt: new Date(expiresAt) };
    },
    async reportConnected(report) {
      await orThrow('report_refused', api.sessions.reportConnected.mutate(report));
    },
    async heartbeat(sessionId) {
      const { remainingSeconds } = await orThrow(
        'report_refused',
        api.sessions.heartbeat.mutate({ sessionId }),
      );
      return { remainingSeconds };
    },
    async reportUsage(report) {
      await orThrow('report_refused', api.sessions.reportUsage.mutate(report));
    },
    reportUsageOnClose: (report) =>
      sendClosingUsage({ url, fetch: send, accessToken: accessTokens.last(), report }),
    async reportEnd(report) {
      await postEnd({ url, fetch: send, accessToken: await accessTokens.get(), report });
    },
    reportEndOnClose: (report) =>
      sendClosingEnd({ url, fetch: send, accessToken: accessTokens.last(), report }, options.sendBeacon),
    async refreshAccess() {
      await accessTokens.get();
    },
  };
}

async function orThrow<T>(refusal: BrokerRefusal, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw toBrokerError(cause, refusal);
  }
}

import { createWebDatabase } from '@ephemera/db/web';
import {
  type ApiDependencies,
  createMailboxGlance,
  type Logger,
  tidyMessages,
  tidySessions,
} from '@ephemera/api';
import type { Hono } from 'hono';

import { createApp } from './app.ts';
import { type Config, ConfigError, parseConfig } from './config.ts';
import { createDependencies, environmentKeysOf } from './dependencies.ts';
import type { EdgeEnv } from './http/edge-context.ts';
import { createFetchSend } from './http/fetch-send.ts';
import type { PageAssets } from './http/page-assets.ts';
import { discardUnreadBody } from './http/read-body.ts';
import { createLogger, formatLogLine } from './log-format.ts';

type AssetsBinding = { fetch: (request: Request) => Promise<Response> };
type WorkerEnv = Record<string, unknown> & { ASSETS: AssetsBinding };
type WorkerExecution = { waitUntil: (work: Promise<unknown>) => void };

type Broker = { app: Hono<EdgeEnv>; api: ApiDependencies };

/** Built on an isolate's first request, since the environment arrives with it. */
let broker: Broker | null = null;

export default {
  fetch: async (request: Request, env: WorkerEnv, execution: WorkerExecution): Promise<Response> => {
    try {
      broker ??= createBroker(env);
    } catch (error) {
      return answerRefusedConfig(error);
    }
    const response = await broker.app.fetch(request, {
      hasConnectingIp: true,
      waitUntil: (work) => {
        execution.waitUntil(work);
      },
    });
    if (!response.ok) await discardUnreadBody(request);
    return response;
  },
  /** The cron trigger: sessions end in the log though nobody looks. Whoever mints or reads goes by the clock anyway. */
  scheduled: async (_event: unknown, env: WorkerEnv): Promise<void> => {
    broker ??= createBroker(env);
    await tidySessions(broker.api);
    await tidyMessages(broker.api);
  },
};

function createBroker(env: WorkerEnv): Broker {
  const config = parseConfig(env, 'workers');
  const { upstream } = config;
  if (upstream.kind === 'simulator') throw new ConfigError(['OPENAI_API_KEY: is missing']);
  const dependencies = createDependencies(config, {
    database: createWebDatabase({
      url: config.database.url,
      ...(config.database.authToken === null ? {} : { authToken: config.database.authToken }),
    }),
    send: createFetchSend((input, init) => fetch(input, init)),
    assets: createBoundAssets(env.ASSETS),
    clock: { now: () => Date.now() },
    mailboxes: createMailboxGlance(),
    logger: openConsoleLog(config),
    baseUrl: config.baseUrl ?? '',
    upstream,
    environmentKeys: environmentKeysOf(upstream.apiKey),
    bootstrapToken: config.bootstrapToken,
    extraConnectOrigins: [],
  });
  return { app: createApp(dependencies), api: dependencies.api };
}

const CONSOLE_METHOD = { debug: 'debug', info: 'info', warning: 'warn', error: 'error' } as const;

function openConsoleLog(config: Config): Logger {
  return createLogger(config.logLevel, (record) => {
    // oxlint-disable-next-line no-console -- because a Worker's log is its console
    console[CONSOLE_METHOD[record.level]](formatLogLine(record).trimEnd());
  });
}

function createBoundAssets(binding: AssetsBinding): PageAssets {
  return {
    find: async (path, request) => {
      const response = await binding.fetch(new Request(new URL(path, request.url), request));
      return response.ok || response.status === 304 ? response : null;
    },
  };
}

/** Which variables are bad is told in the log alone. */
function answerRefusedConfig(error: unknown): Response {
  if (!(error instanceof ConfigError)) throw error;
  // oxlint-disable-next-line no-console -- because the log's own level is part of what was refused
  console.error(error.message);
  return new Response('{"status":"misconfigured"}', {
    status: 503,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

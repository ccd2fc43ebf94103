import { configureSync, getConsoleSink, getLogger } from '@logtape/logtape';
import { createWebDatabase } from '@ephemera/db/web';
import type { Hono } from 'hono';

import { createApp } from './app.ts';
import { type Config, ConfigError, parseConfig } from './config.ts';
import { createDependencies } from './dependencies.ts';
import type { EdgeEnv } from './http/edge-context.ts';
import { createFetchSend } from './http/fetch-send.ts';
import type { PageAssets } from './http/page-assets.ts';
import { formatLogLine } from './log-format.ts';

type AssetsBinding = { fetch: (request: Request) => Promise<Response> };
type WorkerEnv = Record<string, unknown> & { ASSETS: AssetsBinding };
type WorkerExecution = { waitUntil: (work: Promise<unknown>) => void };

/** Built on an isolate's first request, since the environment arrives with it. */
let app: Hono<EdgeEnv> | null = null;

export default {
  fetch: async (request: Request, env: WorkerEnv, execution: WorkerExecution): Promise<Response> => {
    try {
      app ??= createWorkerApp(env);
    } catch (error) {
      return answerRefusedConfig(error);
    }
    return await app.fetch(request, {
      waitUntil: (work) => {
        execution.waitUntil(work);
      },
    });
  },
};

function createWorkerApp(env: WorkerEnv): Hono<EdgeEnv> {
  const config = parseConfig(env, 'workers');
  const { upstream } = config;
  if (upstream.kind === 'simulator') throw new ConfigError(['OPENAI_API_KEY: is missing']);
  return createApp(
    createDependencies(config, {
      database: createWebDatabase({
        url: config.database.url,
        ...(config.database.authToken === null ? {} : { authToken: config.database.authToken }),
      }),
      send: createFetchSend((input, init) => fetch(input, init)),
      assets: createBoundAssets(env.ASSETS),
      clock: { now: () => Date.now() },
      logger: openConsoleLog(config),
      baseUrl: config.baseUrl ?? '',
      upstream,
      extraConnectOrigins: [],
    }),
  );
}

function openConsoleLog(config: Config) {
  configureSync({
    reset: true,
    sinks: { console: getConsoleSink({ formatter: (record) => formatLogLine(record).trimEnd() }) },
    loggers: [
      { category: 'ephemera', lowestLevel: config.logLevel, sinks: ['console'] },
      { category: ['logtape', 'meta'], lowestLevel: 'error', sinks: ['console'] },
    ],
  });
  return getLogger('ephemera');
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

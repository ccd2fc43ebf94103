import { getRequestListener } from '@hono/node-server';
import {
  type ApiDependencies,
  createMailboxBell,
  type EnvironmentKey,
  isSetUp,
  pruneInternalRecords,
} from '@ephemera/api';
import type { Database } from '@ephemera/db';
import type { Simulator } from '@ephemera/openai-simulator';
import { randomBytes } from 'node:crypto';
import type { Writable } from 'node:stream';

import { createApp } from '../app.ts';
import type { Config } from '../config.ts';
import { DEMO_DEFAULTS } from '../demo-defaults.ts';
import { createDependencies, environmentKeysOf, type HostParts } from '../dependencies.ts';
import { checkDatabase } from './check-database.ts';
import { describeDemo, describeService, describeUpstream } from './banner.ts';
import { seedDemoAccessKey } from './demo-access-key.ts';
import { startDemoBeats } from './demo-beats.ts';
import { writeDemoFile } from './demo-file.ts';
import { removeDemoKeys, seedDemoKeys } from './demo-keys.ts';
import { seedDemoMessages } from './demo-messages.ts';
import { seedDemoNodes } from './demo-nodes.ts';
import { type AccountParts, prepareDemo, prepareOperator } from './demo.ts';
import type { HttpListener, RequestHandler } from './http-listener.ts';
import { openLog } from './logging.ts';
import { openDatabase } from './open-database.ts';
import { createStaticFiles } from './static-files.ts';
import { startTidying } from './tidy.ts';
import { createUndiciSend } from './undici-send.ts';

export type BrokerOptions = {
  simulator: Promise<Simulator | null>;
  listener: Pick<HttpListener, 'url' | 'listening'>;
  /** The folder of the built web app. */
  webFolder: string;
  /** Aborted when the host begins to end: nobody is to wait for a message any longer. */
  stop: AbortSignal;
  log: Writable;
};

/** A broker that is ready to serve; disposing of it closes what it opened. */
export type Broker = AsyncDisposable & { handler: RequestHandler; banner: string };

/** Opens everything a request needs, in parallel where one part does not wait for another. */
export async function openBroker(config: Config, options: BrokerOptions): Promise<Broker> {
  await using opened = new AsyncDisposableStack();
  const log = opened.adopt(openLog(options.log, config.logLevel), (it) => {
    it.close();
  });
  const [database, simulator, files] = await Promise.all([
    openDatabase(config).then((it) => opened.adopt(it, (adopted) => adopted.close())),
    options.simulator,
    createStaticFiles(options.webFolder),
  ]);
  const http = opened.adopt(createUndiciSend(), (it) => it.close());
  const url = config.baseUrl ?? options.listener.url;
  const mailboxes = createMailboxBell({ database, logger: log.logger });
  options.stop.addEventListener('abort', mailboxes.close);
  const bootstrapToken = await chooseBootstrapToken(config, database);
  const dependencies = createDependencies(config, {
    database,
    baseUrl: url,
    send: http.send,
    assets: files,
    clock: { now: () => Date.now() },
    mailboxes,
    logger: log.logger,
    upstream: upstreamOf(config, simulator),
    environmentKeys: listEnvironmentKeys(config, simulator),
    bootstrapToken,
    extraConnectOrigins:
      simulator === null ? [] : [simulator.tlsUrl, simulator.tlsUrl.replace(/^http/, 'ws')],
  });
  const { account, api } = dependencies;
  await checkDatabase(config, { database, account });
  await pruneInternalRecords(api);
  const setupToken = config.bootstrapToken === null ? bootstrapToken : null;
  const banner = await prepareData(config, {
    setupToken,
    database,
    account,
    api,
    url,
    simulator,
    hasWebApp: !files.isEmpty,
  });
  opened.use(startTidying(api));
  if (config.isDemo) {
    opened.use(startDemoBeats({ database, logger: log.logger, everyMs: heartbeatMsOf(config) }));
  }
  const app = createApp(dependencies);
  const closing = opened.move();
  log.logger.info('ready', { listening: options.listener.listening });
  return {
    banner,
    handler: getRequestListener((request, env) => app.fetch(request, env)),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

function upstreamOf({ upstream }: Config, simulator: Simulator | null): HostParts['upstream'] {
  if (upstream.kind !== 'simulator') return upstream;
  if (simulator === null) throw new TypeError('The simulator is the upstream, and there is none.');
  return { baseUrl: `${simulator.url}/v1`, organizationId: null, projectId: null };
}

/** The demo over the simulator keeps all its keys in the pool, as a deployment would. */
function listEnvironmentKeys({ upstream, isDemo }: Config, simulator: Simulator | null): EnvironmentKey[] {
  if (upstream.kind !== 'simulator') return environmentKeysOf(upstream.apiKey);
  return isDemo ? [] : environmentKeysOf(simulator?.apiKey ?? null);
}

/** The configured one; else, where nobody could sign in as an owner, one that is told in the banner alone. */
async function chooseBootstrapToken(config: Config, database: Database): Promise<string | null> {
  if (config.bootstrapToken !== null) return config.bootstrapToken;
  if (config.operator !== null || (await isSetUp(database))) return null;
  return randomBytes(32).toString('base64url');
}

type DataParts = AccountParts & {
  /** To be told; null: there is none, or whoever configured it knows it. */
  setupToken: string | null;
  api: Pick<ApiDependencies, 'vault' | 'keyFingerprint' | 'accessKeySecrets'>;
  url: string;
  simulator: Simulator | null;
  hasWebApp: boolean;
};

/** The accounts this start needs. Resolves with what there is to tell the person who started it. */
async function prepareData(config: Config, parts: DataParts): Promise<string> {
  const { url, simulator, hasWebApp } = parts;
  if (!config.isDemo || config.operator === null) {
    await prepareOperator(config, parts);
    const { setupToken } = parts;
    return describeService(config, { url, simulatorUrl: simulator?.url ?? null, setupToken });
  }
  const { operator } = config;
  const [{ userToken }] = await Promise.all([
    prepareDemo(parts, operator),
    prepareDemoKeys(parts),
    prepareDemoNodes(config, parts.database),
    seedDemoAccessKey({ database: parts.database, accessKeySecrets: parts.api.accessKeySecrets }, Date.now()),
  ]);
  const { accessKey } = DEMO_DEFAULTS;
  const internalApiSecret = config.internalSecrets[0]?.secret ?? null;
  const { metricsToken } = config;
  const simulatorUrl = simulator?.url ?? null;
  const demo = { url, simulatorUrl, operator, userToken, accessKey, internalApiSecret, metricsToken };
  const path = await writeDemoFile(config.dataDir, demo);
  return describeDemo({ demo, path, hasWebApp, upstream: describeUpstream(config, demo.simulatorUrl) });
}

function heartbeatMsOf({ nodes }: Config): number {
  return nodes.heartbeatSeconds * 1_000;
}

async function prepareDemoNodes(config: Config, database: Database): Promise<void> {
  const nowMs = Date.now();
  await seedDemoNodes(database, { nowMs, everyMs: heartbeatMsOf(config) });
  await seedDemoMessages(database, nowMs);
}

async function prepareDemoKeys({ database, simulator, api }: DataParts): Promise<void> {
  const { vault, keyFingerprint: fingerprint } = api;
  if (simulator === null || vault === null) await removeDemoKeys(database);
  else await seedDemoKeys({ database, vault, fingerprint }, Date.now());
}

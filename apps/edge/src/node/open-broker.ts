import { getRequestListener } from '@hono/node-server';
import type { Simulator } from '@ephemera/openai-simulator';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import { createApp } from '../app.ts';
import type { Config } from '../config.ts';
import { createDependencies, type HostParts } from '../dependencies.ts';
import { describeDemo, describeService } from './banner.ts';
import { prepareAccounts } from './demo.ts';
import type { RequestHandler } from './http-listener.ts';
import { openLog } from './logging.ts';
import { openDatabase } from './open-database.ts';
import { createStaticFiles } from './static-files.ts';
import { createUndiciSend } from './undici-send.ts';

const WEB_FOLDER = fileURLToPath(new URL('../../../web/dist', import.meta.url));

export type BrokerOptions = { simulator: Promise<Simulator | null>; url: string; stderr: Writable };

/** A broker that is ready to serve; disposing of it closes what it opened. */
export type Broker = AsyncDisposable & { handler: RequestHandler; banner: string };

/** Opens everything a request needs, in parallel where one part does not wait for another. */
export async function openBroker(config: Config, options: BrokerOptions): Promise<Broker> {
  await using opened = new AsyncDisposableStack();
  const log = opened.adopt(await openLog(options.stderr, config.logLevel), (it) => it.close());
  const [database, simulator, files] = await Promise.all([
    openDatabase(config).then((it) => opened.adopt(it, (adopted) => adopted.close())),
    options.simulator,
    createStaticFiles(WEB_FOLDER),
  ]);
  const http = opened.adopt(createUndiciSend(), (it) => it.close());
  const baseUrl = config.baseUrl ?? options.url;
  const dependencies = createDependencies(config, {
    database,
    baseUrl,
    send: http.send,
    assets: files,
    clock: { now: () => Date.now() },
    logger: log.logger,
    upstream: upstreamOf(config, simulator),
    extraConnectOrigins:
      simulator === null ? [] : [simulator.tlsUrl.replace(/^http/, 'ws'), simulator.tlsUrl],
  });
  const demo = await prepareAccounts(config, {
    database,
    account: dependencies.account,
    url: baseUrl,
    simulator,
  });
  const app = createApp(dependencies);
  const finish = opened.move();
  return {
    handler: getRequestListener((request) => app.fetch(request, {}), { overrideGlobalObjects: true }),
    banner:
      demo === null
        ? describeService(config, baseUrl)
        : describeDemo(config, { demo, hasWebApp: !files.isEmpty }),
    [Symbol.asyncDispose]: () => finish.disposeAsync(),
  };
}

function upstreamOf(config: Config, simulator: Simulator | null): HostParts['upstream'] {
  const { upstream } = config;
  if (upstream.kind !== 'simulator') return upstream;
  if (simulator === null) throw new TypeError('The simulator is the upstream, and there is none.');
  return { baseUrl: `${simulator.url}/v1`, apiKey: simulator.apiKey, organizationId: null, projectId: null };
}

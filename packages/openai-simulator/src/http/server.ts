import { writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { join } from 'node:path';

import { getRequestListener } from '@hono/node-server';
import { generate } from 'selfsigned';

import type { Simulation } from '../simulation.ts';
import { createApp } from './app.ts';
import { createUpgradeHandler } from './sockets.ts';

/** `folder` takes the certificate's file. */
export type ListenOptions = { host: string; port: number; tlsPort: number; folder: string };

type RunningServer = { url: string; tlsUrl: string; caFile: string; close(): void };

export class PortTakenError extends Error {
  override name = 'PortTakenError';
}

async function createCertificate(host: string): Promise<{ key: string; cert: string }> {
  const ip = /^[\d.]+$|:/.test(host) && host !== '127.0.0.1' ? [{ type: 7 as const, ip: host }] : [];
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'openai-simulator' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
          ...ip,
        ],
      },
    ],
  });
  return { key, cert };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') reject(error);
    else reject(new PortTakenError(`Port ${port} on ${host} is already in use.`, { cause: error }));
  });
  server.listen(port, host, () => {
    const address = server.address();
    resolve(typeof address === 'object' && address !== null ? address.port : port);
  });
  return promise;
}

/** Listens in clear and with TLS; both ports serve the same. */
export async function startServer(simulation: Simulation, options: ListenOptions): Promise<RunningServer> {
  const certificate = await createCertificate(options.host);
  const listener = getRequestListener(createApp(simulation).fetch, { overrideGlobalObjects: false });
  const clear = createHttpServer(listener);
  const secured = createHttpsServer(certificate, listener);
  const upgrade = createUpgradeHandler(simulation);
  for (const server of [clear, secured]) server.on('upgrade', upgrade);
  const port = await listen(clear, options.host, options.port);
  const tlsPort = await listen(secured, options.host, options.tlsPort);
  const caFile = join(options.folder, 'ca.pem');
  await writeFile(caFile, certificate.cert);
  const shown = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${shown}:${port}`,
    tlsUrl: `https://${shown}:${tlsPort}`,
    caFile,
    close() {
      for (const server of [clear, secured]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

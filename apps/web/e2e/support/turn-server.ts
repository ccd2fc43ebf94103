import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createSocket } from 'node:dgram';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type TurnServer = { url: string; secret: string; stop(): Promise<void> };

const SECRET = 'e2e-turn-secret-of-thirty-two-characters';

async function findFreeUdpPort(): Promise<number> {
  const socket = createSocket('udp4');
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.bind(0, '127.0.0.1', resolve);
  await promise;
  const { port } = socket.address();
  socket.close();
  return port;
}

/** A binding request: type 1, no attributes, the magic cookie, a transaction id of zeros. */
const BINDING_REQUEST = Buffer.from('000100002112a442000000000000000000000000', 'hex');
const RETRY_INTERVAL_MS = 50;

async function waitForStunAnswer(port: number): Promise<void> {
  const socket = createSocket('udp4');
  const answered = new Promise<void>((resolve) => socket.once('message', () => resolve()));
  const timer = setInterval(() => socket.send(BINDING_REQUEST, port, '127.0.0.1'), RETRY_INTERVAL_MS);
  await answered;
  clearInterval(timer);
  socket.close();
}

/** Starts a real coturn on loopback with time-limited credentials. */
export async function startTurnServer(): Promise<TurnServer> {
  const port = await findFreeUdpPort();
  const folder = mkdtempSync(join(tmpdir(), 'ephemera-turn-'));
  const args = [
    '-n',
    '--listening-ip=127.0.0.1',
    '--relay-ip=127.0.0.1',
    `--listening-port=${port}`,
    '--use-auth-secret',
    `--static-auth-secret=${SECRET}`,
    '--realm=ephemera.test',
    '--no-cli',
    '--no-tls',
    '--no-dtls',
    '--no-rfc5780',
    // The simulator answers on loopback; a deployed server denies it (apps/edge/coturn).
    '--allow-loopback-peers',
    '--no-multicast-peers',
    '--min-port=42000',
    '--max-port=42400',
    '--log-file=stdout',
    '--simple-log',
    `--pidfile=${join(folder, 'pid')}`,
    `--userdb=${join(folder, 'db')}`,
  ];
  const child = spawn('turnserver', args, { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const failed = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`turnserver ended with code ${code}`)));
  });
  failed.catch(() => undefined); // -- because its end is also what stop() brings about
  await Promise.race([waitForStunAnswer(port), failed]);
  return {
    url: `turn:127.0.0.1:${port}?transport=udp`,
    secret: SECRET,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

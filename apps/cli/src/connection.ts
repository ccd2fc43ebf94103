import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import * as z from 'zod';

import { CliError, EXIT } from './cli-error.ts';
import type { Terminal } from './terminal.ts';

const demoFileSchema = z.object({
  url: z.string(),
  operator: z.object({ email: z.string(), password: z.string() }),
  internalApiSecret: z.string().nullish(),
});

type DemoFile = z.infer<typeof demoFileSchema>;
/** `code`: of the second factor, for who has one. */
export type OperatorConnection = { url: string; email: string; password: string; code: string | null };
export type ServiceConnection = { url: string; secret: string };

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export async function findOperatorConnection(terminal: Terminal): Promise<OperatorConnection> {
  const { url, demo } = await findServer(terminal);
  const email = terminal.env['OPERATOR_EMAIL'] || demo?.operator.email;
  const password = terminal.env['OPERATOR_PASSWORD'] || demo?.operator.password;
  const code = terminal.env['OPERATOR_CODE'] || null;
  if (email && password) return { url, email, password, code };
  throw new CliError(EXIT.noAccess, `Set OPERATOR_EMAIL and OPERATOR_PASSWORD of an operator of ${url}.`);
}

export async function findServiceConnection(terminal: Terminal): Promise<ServiceConnection> {
  const { url, demo } = await findServer(terminal);
  const secret = terminal.env['INTERNAL_API_SECRET'] || demo?.internalApiSecret;
  if (secret) return { url, secret };
  throw new CliError(EXIT.noAccess, `Set INTERNAL_API_SECRET to a secret that ${url} accepts.`);
}

/** EPHEMERA_URL, else the demo that runs in this clone. The demo's secrets go to the demo only. */
async function findServer(terminal: Terminal): Promise<{ url: string; demo: DemoFile | null }> {
  const demo = await readDemoFile(terminal);
  const given = terminal.env['EPHEMERA_URL'];
  const url = given ? parseOrigin(given) : demo?.url;
  if (url === undefined) {
    throw new CliError(
      EXIT.unreachable,
      'No server: set EPHEMERA_URL (https://…), or run `npm start` in this clone first.',
    );
  }
  return { url, demo: url === demo?.url ? demo : null };
}

function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (
    url !== null &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname)))
  ) {
    return url.origin;
  }
  throw new CliError(EXIT.usage, 'EPHEMERA_URL must be an https:// address (http:// only on loopback).');
}

async function readDemoFile({ env, rootFolder }: Terminal): Promise<DemoFile | null> {
  const path = join(resolve(rootFolder, env['DATA_DIR'] || '.data'), 'demo.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new CliError(EXIT.failed, `${path} cannot be read: ${String(error)}`, { cause: error });
  }
  const parsed = demoFileSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

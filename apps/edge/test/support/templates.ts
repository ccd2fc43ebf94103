import { createAuth, createIdSource, createPasswords } from '@ephemera/api';
import { createNodeDatabase, type NodeDatabase } from '@ephemera/db/node';
import { cp, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';

import { DEMO_DEFAULTS } from '../../src/demo-defaults.ts';
import { prepareDemo } from '../../src/node/demo.ts';
import { startSqld } from '../../src/node/sqld.ts';

export const OPERATOR = { email: 'operator@demo.local', password: DEMO_DEFAULTS.operatorPassword };

/** What the accounts, the signing key and the token of the demo's user depend on. */
export type Seeding = {
  store: 'file' | 'sqld';
  secret: string;
  baseUrl: string;
  audience: string;
};

/** Of the demo that the tests' Node hosts are. */
const DEMO_SEEDING: Seeding = {
  store: 'file',
  secret: DEMO_DEFAULTS.authSecret,
  baseUrl: 'http://127.0.0.1:8787',
  audience: 'ephemera-test',
};

type Template = { folder: string; userToken: string };

const CLOCK = { now: () => Date.now() };

/** One for each seeding that this test process has met. */
const templates = new Map<string, Promise<Template>>();

/**
 * Copies a database with all migrations and the demo's two accounts into `folder`: their passwords are hashed, and the
 * signing key is made, once a test process and not once a host. Resolves with a token of the demo's user.
 */
export async function copyTemplate(seeding: Seeding, folder: string): Promise<{ userToken: string }> {
  const key = JSON.stringify(seeding);
  const making = templates.get(key) ?? makeTemplate(seeding);
  templates.set(key, making);
  const template = await making;
  await cp(template.folder, folder, { recursive: true });
  return { userToken: template.userToken };
}

/** For suites that start the Node host themselves, as a demo. */
export async function copyDemoDatabase(folder: string): Promise<void> {
  await copyTemplate(DEMO_SEEDING, folder);
}

async function makeTemplate(seeding: Seeding): Promise<Template> {
  const folder = await mkdtemp(join(inject('edgeTestFolder'), 'template-'));
  await using opened = new AsyncDisposableStack();
  const url =
    seeding.store === 'sqld'
      ? opened.use(await startSqld(folder)).url
      : `file:${join(folder, 'ephemera.db')}`;
  const database = opened.adopt(await createNodeDatabase({ url }), (it) => it.close());
  await database.migrate();
  const { userToken } = await prepareDemo(
    { database, account: createSeedingAuth(database, seeding) },
    OPERATOR,
  );
  return { folder, userToken };
}

function createSeedingAuth(database: NodeDatabase, { secret, baseUrl, audience }: Seeding) {
  return createAuth({
    database,
    clock: CLOCK,
    ids: createIdSource(CLOCK.now),
    passwords: createPasswords({ database, clock: CLOCK }),
    secret,
    baseUrl,
    trustedOrigins: [],
    issuer: baseUrl,
    audience,
    logger: { info: discard, warn: discard, error: discard },
  });
}

function discard(): void {
  // The seeding is not what is tested; its outcome is.
}

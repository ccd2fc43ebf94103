import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createNodeDatabase } from '@ephemera/db/node';
import * as z from 'zod';

import { start, test } from './support/node-start.ts';

const demoSchema = z.object({ url: z.url(), internalApiSecret: z.string() });

async function readDemo(dataDir: string) {
  return demoSchema.parse(JSON.parse(await readFile(join(dataDir, 'demo.json'), 'utf8')));
}

async function readKeyRows(dataDir: string) {
  const database = await createNodeDatabase({ url: `file:${join(dataDir, 'ephemera.db')}` });
  try {
    return await database.read('select id, fingerprint, ciphertext, state from provider_keys order by id');
  } finally {
    await database.close();
  }
}

test('security 33: a demo with another KEYRING is not ready and leaves the stored keys alone', async ({
  dataDir,
  expect,
}) => {
  {
    await using first = start({ DATA_DIR: dataDir });
    await first.waitFor(/Stop with Ctrl-C/);
  }
  const before = await readKeyRows(dataDir);
  expect(before.length).toBeGreaterThan(0);
  for (const version of [1, 2]) {
    const KEYRING = `${version}:${Buffer.alloc(32, 9).toString('base64')}`;
    await using other = start({ DATA_DIR: dataDir, KEYRING });
    await other.waitFor(/Stop with Ctrl-C/);
    const { url, internalApiSecret } = await readDemo(dataDir);
    const headers = { authorization: `Bearer ${internalApiSecret}` };
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await fetch(`${url}/api/internal/api-keys`, { headers })).status).toBe(503);
  }
  expect(await readKeyRows(dataDir)).toEqual(before);
  await using again = start({ DATA_DIR: dataDir });
  await again.waitFor(/Stop with Ctrl-C/);
  expect((await fetch(`${(await readDemo(dataDir)).url}/readyz`)).status).toBe(200);
});

test('a key stays the same key when SAFETY_IDENTIFIER_SECRET is changed', async ({ dataDir, expect }) => {
  const own = { DATA_DIR: dataDir, AUTH_SECRET: 'a'.repeat(40), OPENAI_API_KEY: 'sk-not-a-real-key' };
  const internalApiSecret = 'i'.repeat(40);
  for (const letter of ['b', 'c']) {
    await using broker = start({
      ...own,
      INTERNAL_API_SECRET: internalApiSecret,
      SAFETY_IDENTIFIER_SECRET: letter.repeat(40),
    });
    const line = await broker.waitFor(/Ephemera is ready at/);
    const url = /http:\/\/[\d.:]+/.exec(line)?.[0] ?? '';
    const headers = { authorization: `Bearer ${internalApiSecret}` };
    expect((await fetch(`${url}/api/internal/api-keys`, { headers })).status).toBe(200);
  }
  expect(await readKeyRows(dataDir)).toHaveLength(1);
});

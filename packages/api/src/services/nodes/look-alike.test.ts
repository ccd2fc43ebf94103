// Security 70: what an unknown node costs tells nothing. Counted, since time alone is told by whatever else runs.
import { constants, generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { createTestApi, NOBODY } from '../../../test/fixtures.ts';
import type { TestApi } from '../../../test/fixtures.ts';
import { registerNode } from './register.ts';
import { requestChallenge } from './request-challenge.ts';
import { verifyChallenge } from './verify-challenge.ts';

/** `npm run prove` asks for more, and then for less of a difference. */
const ROUNDS = Number(process.env['EPHEMERA_TIMING_ROUNDS'] ?? '60');
const MAX_RATIO = ROUNDS >= 1_000 ? 1.1 : 2;

const KEYS = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const STRANGER = generateKeyPairSync('rsa', { modulusLength: 2_048 });
const WRONG = {
  'of another key': (text: string) =>
    sign('sha256', Buffer.from(text), {
      key: STRANGER.privateKey,
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: constants.RSA_PSS_SALTLEN_MAX_SIGN,
    }).toString('hex'),
  'of another length': () => '00ff',
  'of nothing': () => '00'.repeat(256),
};

let api: TestApi;

beforeAll(async () => {
  api = await createTestApi();
  api.dependencies.settings.nodes.loginsPerMinute = 1_000_000;
  const publicKey = KEYS.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  await registerNode(
    api.as(NOBODY),
    {
      id: 'known-1',
      name: 'Known',
      type: 'worker',
      capabilities: [],
      publicKey,
      endpoint: 'https://known.test',
      metadata: {},
    },
    null,
  );
});

afterAll(async () => {
  await api[Symbol.asyncDispose]();
});

async function attempt(nodeId: string, forge: (text: string) => string): Promise<unknown> {
  const ctx = api.as(NOBODY);
  const { challenge } = await requestChallenge(ctx, { nodeId });
  const input = { nodeId, challenge, signature: forge(challenge) };
  return await verifyChallenge(ctx, input).catch((error: unknown) => error);
}

function nameOf(algorithm: unknown): string {
  if (typeof algorithm === 'string') return algorithm;
  return typeof algorithm === 'object' && algorithm !== null && 'name' in algorithm
    ? String(algorithm.name)
    : '';
}

/** Every signature that is checked or made, and every question to the database, in order. */
async function recordWork(work: () => Promise<unknown>): Promise<{ steps: string[]; outcome: unknown }> {
  const steps: string[] = [];
  const { subtle } = crypto;
  const [verify, digest, importKey, signHmac] = [
    subtle.verify.bind(subtle),
    subtle.digest.bind(subtle),
    subtle.importKey.bind(subtle),
    subtle.sign.bind(subtle),
  ];
  const { read, writeAll } = api.database;
  const spies = [
    vi.spyOn(subtle, 'verify').mockImplementation((...args: Parameters<typeof verify>) => {
      const [algorithm, , signature] = args;
      steps.push(`verify ${nameOf(algorithm)} ${JSON.stringify(algorithm)} ${signature.byteLength}`);
      return verify(...args);
    }),
    vi.spyOn(subtle, 'sign').mockImplementation((algorithm, key, data) => {
      steps.push(`sign ${nameOf(algorithm)}`);
      return signHmac(algorithm, key, data);
    }),
    vi.spyOn(subtle, 'digest').mockImplementation((algorithm, data) => {
      steps.push(`digest ${nameOf(algorithm)}`);
      return digest(algorithm, data);
    }),
    vi.spyOn(subtle, 'importKey').mockImplementation((...args: Parameters<typeof importKey>) => {
      steps.push('import');
      return importKey(...args);
    }),
    vi.spyOn(api.database, 'read').mockImplementation((sql, args) => {
      steps.push(`read ${sql}`);
      return read(sql, args);
    }),
    vi.spyOn(api.database, 'writeAll').mockImplementation((unit) => {
      // One attempt in sixteen also takes away what has expired, whoever makes it.
      const sqls = unit.flatMap((it) => ('sql' in it ? [it.sql] : []));
      steps.push(...sqls.filter((sql) => !sql.startsWith('delete')).map((sql) => `write ${sql}`));
      return writeAll(unit);
    }),
  ];
  try {
    return { outcome: await work(), steps };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

for (const [name, forge] of Object.entries(WRONG)) {
  test(`a signature ${name}: an unknown node makes the same work as a known one, and gets the same answer`, async () => {
    // What is made once, and kept, is made.
    await attempt('known-1', forge);
    await attempt('nobody1', forge);
    const known = await recordWork(() => attempt('known-1', forge));
    const unknown = await recordWork(() => attempt('nobody1', forge));
    expect(known.steps.filter((step) => step.startsWith('verify RSA-PSS'))).toHaveLength(2);
    expect(unknown.steps).toEqual(known.steps);
    expect(unknown.outcome).toEqual(known.outcome);
    expect(unknown.outcome).toMatchObject({ code: 'unauthenticated' });
  });
}

function medianOf(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

async function measure(nodeId: string, times: number[]): Promise<void> {
  const ctx = api.as(NOBODY);
  const { challenge } = await requestChallenge(ctx, { nodeId });
  const input = { nodeId, challenge, signature: '00'.repeat(256) };
  const startedAt = performance.now();
  await expect(verifyChallenge(ctx, input)).rejects.toMatchObject({ code: 'unauthenticated' });
  times.push(performance.now() - startedAt);
}

test(`${ROUNDS} attempts at each, in turns: the medians are within a factor of ${MAX_RATIO}`, async () => {
  const [known, unknown]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const isKnownFirst = round % 2 === 0;
    await measure(isKnownFirst ? 'known-1' : 'nobody1', isKnownFirst ? known : unknown);
    await measure(isKnownFirst ? 'nobody1' : 'known-1', isKnownFirst ? unknown : known);
  }
  const ratio = medianOf(unknown) / medianOf(known);
  expect(ratio).toBeGreaterThan(1 / MAX_RATIO);
  expect(ratio).toBeLessThan(MAX_RATIO);
}, 600_000);

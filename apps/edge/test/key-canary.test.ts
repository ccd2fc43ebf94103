// Security 27: known keys go through every route that may touch one, and are then looked for in every place that must
// not hold them. The one answer that is meant to carry a key is the only exception.
import { CANARY_KEY, INTERNAL_SECRET, STORED_KEYS, type TestHost } from './support/host.ts';
import { dumpTables, readFiles } from './support/dumps.ts';
import { test } from './support/host-test.ts';
import { addStoredKeys, INTERNAL_PATH, report, requestKeys } from './support/internal.ts';
import { signInOperator } from './support/trpc.ts';

const MINT = '/v1/realtime/client_secrets';
const GEMINI_KEY = 'AIzaCANARY0123456789abcdefghijklmnopqrs';
const ALL = [CANARY_KEY, ...STORED_KEYS, GEMINI_KEY];
/** Long enough to give a key away, short enough to find a cut one. */
const PIECES = [...ALL.map((key) => key.slice(4, 24)), ...ALL.map((key) => key.slice(-16))];
const BASE64 = ALL.map((key) => Buffer.from(key).toString('base64').slice(2, 24));

function findLeak(text: string): string | undefined {
  return [...PIECES, ...BASE64, INTERNAL_SECRET].find((piece) => text.includes(piece));
}

async function describe(response: Response): Promise<string> {
  return `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`;
}

type Request = { path: string; method?: 'GET' | 'POST'; body?: unknown; token?: string };

async function send(host: TestHost, { path, method = 'GET', body, token }: Request): Promise<string> {
  return await describe(
    await host.fetch(path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  );
}

/** A provider that repeats the key in every way it can. */
async function makeProviderTalk(host: TestHost, key: string): Promise<void> {
  await host.simulator.admin.setFault({
    match: { key },
    times: 0,
    action: {
      kind: 'status',
      status: 401,
      headers: { 'openai-organization': key, 'x-request-id': key, 'set-cookie': `k=${key}` },
      body: {
        error: {
          message: `Incorrect API key provided: ${key}`,
          type: key,
          code: 'invalid_api_key',
          param: key,
        },
      },
    },
  });
}

/** Every way in which a key may come in, be used, fail and go. Answers but the one that carries keys. */
async function exercise(host: TestHost): Promise<string[]> {
  const operator = await signInOperator(host);
  const answers: string[] = [];
  const trpc = async (path: string, body: unknown): Promise<void> => {
    answers.push(await send(host, { path: `/trpc/keys.${path}`, method: 'POST', body, token: operator }));
  };
  const [first = '', second = ''] = await addStoredKeys(host, 2);
  await makeProviderTalk(host, STORED_KEYS[0]);
  await trpc('testCandidate', { provider: 'openai', key: STORED_KEYS[0] });
  await trpc('test', { id: first });
  await trpc('enable', { id: first });
  for (let times = 0; times < 4; times += 1)
    answers.push(await send(host, { path: MINT, method: 'POST', body: {}, token: host.userToken }));
  await trpc('add', { provider: 'gemini', name: 'Gemini', key: GEMINI_KEY });
  await trpc('add', { provider: 'gemini', name: 'Again', key: GEMINI_KEY });
  await trpc('add', {
    provider: 'openai',
    name: GEMINI_KEY.repeat(3),
    key: 7,
  });
  await trpc('add', { provider: STORED_KEYS[2], name: 'x', key: STORED_KEYS[2] });
  await trpc('rotate', { id: second, key: STORED_KEYS[2], overlapSeconds: 0, test: true });
  await trpc('rotate', { id: first, key: `${GEMINI_KEY} `, overlapSeconds: 0 });
  for (const key of ALL) {
    answers.push(await describe(await report(host, { keyId: second, success: false, error: `bad ${key}!` })));
    answers.push(await describe(await report(host, { keyId: key, success: true })));
    answers.push(await describe(await report(host, { keyId: second, success: key })));
    answers.push(await describe(await requestKeys(host, { secret: key })));
    answers.push(await describe(await host.fetch(INTERNAL_PATH, { headers: { authorization: key } })));
    answers.push(await describe(await requestKeys(host, { query: `?provider=${key}` })));
    answers.push(await send(host, { path: MINT, method: 'POST', body: {}, token: key }));
  }
  for (const path of ['list', `get?input=${encodeURIComponent(JSON.stringify({ id: first }))}`])
    answers.push(await send(host, { path: `/trpc/keys.${path}`, token: operator }));
  for (const path of ['/readyz', '/healthz', '/api/demo', '/trpc/sessions.list'])
    answers.push(await send(host, { path, token: operator }));
  await trpc('delete', { id: first, confirmName: 'Stored 1' });
  return answers;
}

test(
  'security 27: no answer, log line, row or file holds a key of the pool',
  { timeout: 120_000 },
  async ({ host, expect }) => {
    const answers = await exercise(host);

    for (const answer of answers) expect(findLeak(answer), answer.slice(-600)).toBeUndefined();
    const tables = await dumpTables(host);
    expect([...tables.keys()]).toEqual(
      expect.arrayContaining([
        'provider_keys',
        'audit_entries',
        'alerts',
        'sessions',
        'provider_key_reports',
      ]),
    );
    for (const [name, rows] of tables) expect(findLeak(rows), name).toBeUndefined();
    const files = await readFiles(host.dataFolder);
    expect(
      [...files.keys()].some((path) => /wal/.test(path)),
      [...files.keys()].join(' '),
    ).toBe(true);
    for (const [path, text] of files) {
      if (!path.endsWith('demo.json')) expect(findLeak(text), path).toBeUndefined();
    }
    expect(findLeak(host.logs())).toBeUndefined();
    expect(host.logs()).toContain('/api/internal/api-keys');
    // And the search does find one where it is meant to be.
    expect(findLeak(await (await requestKeys(host)).text())).toBeDefined();
  },
);

import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

import { VERSION } from '../src/version.ts';
import { METRICS_TOKEN, STORED_KEYS, type TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';
import { addStoredKeys, requestKeys } from './support/internal.ts';

const MINT = '/v1/realtime/client_secrets';

async function scrape(host: TestHost, headers: Record<string, string> = {}): Promise<Response> {
  return await host.fetch('/metrics', {
    headers: { authorization: `Bearer ${METRICS_TOKEN}`, ...headers },
  });
}

/** The names of the series: what stands before the value. */
function listSeries(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.slice(0, line.lastIndexOf(' ')))
    .toSorted();
}

function readValue(text: string, series: string): number {
  const line = text.split('\n').find((it) => it.startsWith(`${series} `));
  return Number(line?.slice(series.length) ?? Number.NaN);
}

for (const { name, authorization } of [
  { name: 'nothing', authorization: null },
  { name: 'a wrong token', authorization: 'Bearer wrong' },
  { name: 'the token in another scheme', authorization: `Basic ${METRICS_TOKEN}` },
  { name: 'a part of the token', authorization: `Bearer ${METRICS_TOKEN.slice(0, -1)}` },
]) {
  test(`security 94: ${name} gets no metrics`, async ({ host, expect }) => {
    const response = await host.fetch('/metrics', {
      headers: authorization === null ? {} : { authorization },
    });

    expect(response.status).toBe(401);
    expect(await response.text()).not.toContain('broker_');
  });
}

test('security 94: a token of a user, an internal secret or one in the address is none for the metrics', async ({
  host,
  expect,
}) => {
  const token = await host.issuer.sign();
  const asUser = await host.fetch('/metrics', { headers: { authorization: `Bearer ${token}` } });
  const inAddress = await host.fetch(`/metrics?access_token=${METRICS_TOKEN}&token=${METRICS_TOKEN}`);

  expect([asUser.status, inAddress.status]).toEqual([401, 401]);
  expect(host.logs()).not.toContain(METRICS_TOKEN);
});

test('both text formats say the same, each as its parser wants it', async ({ host, expect }) => {
  const plain = await scrape(host);
  const open = await scrape(host, {
    accept: 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5',
  });
  const [plainText, openText] = [await plain.text(), await open.text()];

  expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(open.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(plain.headers.get('cache-control')).toBe('no-store');
  expect(listSeries(openText)).toEqual(listSeries(plainText));
  expect(plainText).toContain('# TYPE broker_audit_entries_total counter\n');
  expect(openText).toContain('# TYPE broker_audit_entries counter\n');
  expect(openText.endsWith('\n# EOF\n')).toBe(true);
  expect(plainText).not.toContain('# EOF');
  for (const line of plainText.trimEnd().split('\n'))
    expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z_]+="[^"\\\n]*",?)+\})? -?[\d.e+-]+)$/);
});

/** Scrapes until the values are newer than this moment: an entry of the audit that is written now is counted. */
async function scrapeFresh(host: TestHost): Promise<string> {
  await (await requestKeys(host, { secret: 'a-secret-that-is-none' })).text();
  const [row] = await host.readRows('select count(*) as entries from audit_entries');
  for (;;) {
    const text = await (await scrape(host)).text();
    if (readValue(text, 'broker_audit_entries_total') >= Number(row?.['entries'])) return text;
    await wait(100);
  }
}

test('they tell mints, open sessions, keys and the audit from the rows', async ({ host, expect }) => {
  const [key = ''] = await addStoredKeys(host, 1);
  const minted =
    'broker_client_secrets_minted_total{provider="openai",model="gpt-realtime-2.1",outcome="issued"}';
  const open = 'broker_sessions_open{model="gpt-realtime-2.1"}';
  const before = await scrapeFresh(host);
  for (let times = 0; times < 3; times += 1) expect((await host.post(MINT, {})).status).toBe(200);

  const text = await scrapeFresh(host);

  expect(readValue(text, minted) - (readValue(before, minted) || 0)).toBe(3);
  expect(readValue(text, open) - (readValue(before, open) || 0)).toBe(3);
  expect(readValue(text, `broker_provider_key_state{key="${key}",state="active"}`)).toBe(1);
  expect(
    readValue(text, 'broker_provider_requests_total{provider="openai",outcome="ok"}'),
  ).toBeGreaterThanOrEqual(3);
  expect(readValue(text, 'broker_mint_duration_seconds{quantile="0.5"}')).toBeGreaterThan(0);
  expect(readValue(text, `broker_build_info{version="${VERSION}"}`)).toBe(1);
});

test('security 94: no user, path or secret is in a label, and unknown paths add no series', async ({
  host,
  expect,
}) => {
  expect((await host.post(MINT, {})).status).toBe(200);
  const before = listSeries(await scrapeFresh(host));
  await Promise.all(
    Array.from({ length: 300 }, (_, index) =>
      host.fetch(`/nothing/${index}/${Math.random()}`).then((response) => response.text()),
    ),
  );
  const text = await scrapeFresh(host);

  expect(listSeries(text)).toEqual(before);
  const users = await host.readRows('select distinct user_id from sessions');
  expect(users.length).toBeGreaterThan(0);
  for (const { user_id: id } of users) expect(text).not.toContain(String(id));
  for (const key of STORED_KEYS) expect(text).not.toContain(key.slice(3, 20));
  expect(text).not.toContain('/nothing');
});

test('the version is that of the package', async ({ expect }) => {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  expect(VERSION).toBe(JSON.parse(text).version);
});

import { METRICS_TOKEN } from './support/host.ts';
import { createHostTest } from './support/host-test.ts';

// Outside a demo, without a token: on Node the host is a demo, which has a token of its own.
const test = createHostTest({ METRICS_TOKEN: '' });

function withoutId(text: string): string {
  return text.replace(/"requestId":"[^"]+"/, '');
}

test('security 94: without METRICS_TOKEN there are no metrics, and a demo tells its own', async ({
  host,
  expect,
}) => {
  const response = await host.fetch('/metrics', { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  const unknown = await host.fetch('/api/metrics-of-somebody');

  expect(response.status).toBe(host.kind === 'node' ? 401 : 404);
  if (host.kind === 'workerd') {
    expect(withoutId(await response.text())).toBe(withoutId(await unknown.text()));
  }
});

// Over the files that the tests know: how the API page and its document are served.
import { test } from './support/host-test.ts';

test('/docs is the API page, under a policy of its own: nothing from elsewhere', async ({ host, expect }) => {
  const page = await host.fetch('/docs');
  const policy = page.headers.get('content-security-policy') ?? '';

  expect(page.status).toBe(200);
  expect(await page.text()).toContain('The API page of the tests');
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("connect-src 'self';");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toMatch(/unsafe-eval|https?:|\*/);
  expect(page.headers.get('permissions-policy')).toContain('microphone=()');
  const direct = await host.fetch('/docs.html');
  expect(direct.headers.get('content-security-policy')).toBe(policy);
});

test('styles of its own are for the API page alone', async ({ host, expect }) => {
  const app = await host.fetch('/');
  expect(app.headers.get('content-security-policy')).not.toContain('unsafe-inline');
});

test('/openapi.json is data, asked for anew each time, with a tag', async ({ host, expect }) => {
  const document = await host.fetch('/openapi.json');
  expect(document.status).toBe(200);
  expect(document.headers.get('content-type')).toContain('application/json');
  expect(document.headers.get('cache-control')).toBe('no-cache');
  expect(await document.json()).toEqual({ openapi: '3.1.1' });
  const tag = document.headers.get('etag') ?? '';
  const again = await host.fetch('/openapi.json', { headers: { 'if-none-match': tag } });
  expect(again.status).toBe(304);
});

import type { UsageReport } from './broker.ts';

type UsageRequest = { url: string; fetch: typeof fetch; accessToken: string | null; report: UsageReport };

/**
 * `sessions.reportUsage` from a page that is going away: begun before this returns, and outliving the page. Nobody is
 * left to hear whether it arrived; the sums are in the closing report as well.
 */
export function sendClosingUsage({ url, fetch, accessToken, report }: UsageRequest): void {
  fetch(`${url}/trpc/sessions.reportUsage`, {
    method: 'POST',
    keepalive: true,
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(report),
  }).catch(() => undefined);
}

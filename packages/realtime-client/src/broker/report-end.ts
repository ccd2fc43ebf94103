import { RealtimeError } from '../errors.ts';
import type { EndReport } from './broker.ts';

type EndRequest = { url: string; fetch: typeof fetch; accessToken: string | null; report: EndReport };

/**
 * `POST /api/realtime/end`. `keepalive` lets it outlive a navigation that follows at once.
 * @throws RealtimeError `broker_unreachable`, `report_refused`
 */
export async function postEnd({ url, fetch, accessToken, report }: EndRequest): Promise<void> {
  const response = await fetch(`${url}/api/realtime/end`, {
    method: 'POST',
    keepalive: true,
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify(report),
  }).catch((cause: unknown) => {
    throw new RealtimeError('broker_unreachable', 'The end of the session was not delivered', { cause });
  });
  if (response.ok) return;
  const { status } = response;
  throw new RealtimeError('report_refused', `The broker answered ${status} to the end of the session`, {
    status,
    requestId: response.headers.get('x-request-id') ?? undefined,
    isRetryable: status === 429 || status >= 500,
  });
}

/**
 * The same from a page that is going away: no header can be sent and no answer is seen, so the token is in the body.
 * @returns whether the browser took it
 */
export function sendClosingEnd(
  { url, fetch, accessToken, report }: EndRequest,
  sendBeacon: ((url: string, body: string) => boolean) | undefined,
): boolean {
  const target = `${url}/api/realtime/end`;
  const body = JSON.stringify({ ...report, accessToken });
  const beacon = sendBeacon ?? findBeacon();
  if (beacon?.(target, body)) return true;
  // Nobody is left to hear whether it arrived.
  fetch(target, { method: 'POST', keepalive: true, headers: { 'content-type': 'text/plain' }, body }).catch(
    () => undefined,
  );
  return beacon === undefined;
}

function findBeacon(): ((url: string, body: string) => boolean) | undefined {
  const { navigator } = globalThis;
  if (typeof navigator?.sendBeacon !== 'function') return undefined;
  return (url, body) => navigator.sendBeacon(url, body);
}

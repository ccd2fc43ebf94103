import type { UsageReport } from '../../src/report-queue.ts';

export type WireKey = {
  id: string;
  provider: string;
  name: string;
  key: string;
  usageCount: number;
  errorCount: number;
};

export type SeenRequest = { method: string; url: URL; headers: Headers; reports: readonly UsageReport[] };
type Behaviour = (request: SeenRequest) => Response | Promise<Response>;

export function createWireKey(id: string, provider = 'gemini'): WireKey {
  return { id, provider, name: `name of ${id}`, key: `secret-of-${id}`, usageCount: 3, errorCount: 1 };
}

/** The key server as a `fetch`: it answers by the contract until it is told to behave otherwise. */
export function createFakeKeyServer(keys: readonly WireKey[] = [createWireKey('k1'), createWireKey('k2')]) {
  const requests: SeenRequest[] = [];
  const state = { keys, behave: null as Behaviour | null };
  /** What the real server does with a repeated report. */
  const counted = new Map<string, UsageReport>();

  const answer = (request: SeenRequest): Response => {
    if (request.method === 'GET') {
      const provider = request.url.searchParams.get('provider');
      return Response.json(state.keys.filter((key) => key.provider === provider));
    }
    for (const report of request.reports) counted.set(report.idempotencyKey, report);
    return Response.json({ success: true, counted: request.reports.length, duplicates: 0, unknown: [] });
  };

  const fakeFetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const body: unknown = request.method === 'POST' ? await request.json() : { reports: [] };
    const seen: SeenRequest = {
      method: request.method,
      url: new URL(request.url),
      headers: request.headers,
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because the tests compare what they get
      reports: (body as { reports: UsageReport[] }).reports,
    };
    requests.push(seen);
    return state.behave === null ? answer(seen) : await state.behave(seen);
  };

  return {
    fetch: fakeFetch,
    requests,
    counted,
    answer,
    setKeys: (next: readonly WireKey[]) => void (state.keys = next),
    /** `null`: by the contract again. */
    behave: (behaviour: Behaviour | null) => void (state.behave = behaviour),
    gets: () => requests.filter(({ method }) => method === 'GET').length,
    posts: () => requests.filter(({ method }) => method === 'POST'),
  };
}

export function refuse(status: number, headers: Record<string, string> = {}): Behaviour {
  return () => Response.json({ error: 'no' }, { status, headers });
}

export const goAway: Behaviour = () => {
  throw new TypeError('fetch failed');
};

export const hang: Behaviour = () => Promise.withResolvers<Response>().promise;

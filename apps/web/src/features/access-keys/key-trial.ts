import type { KeySummary } from './key-types.ts';

type TrialFacts = Pick<KeySummary, 'scopes' | 'allowedModels' | 'allowedOrigins'>;

type Request = { method: 'GET' | 'POST'; path: string; body?: unknown };

/** What a scope opens, the most telling one first. */
const REQUESTS: readonly { scope: string; toRequest: (key: TrialFacts) => Request }[] = [
  {
    scope: 'tokens:mint',
    toRequest: ({ allowedModels }) => ({
      method: 'POST',
      path: '/v1/realtime/client_secrets',
      body: { session: { type: 'realtime', ...(allowedModels?.[0] && { model: allowedModels[0] }) } },
    }),
  },
  { scope: 'turn:issue', toRequest: () => ({ method: 'GET', path: '/api/v1/webrtc/turn-credentials' }) },
  { scope: 'models:read', toRequest: () => ({ method: 'GET', path: '/v1/models' }) },
  { scope: 'me:read', toRequest: () => ({ method: 'GET', path: '/v1/me' }) },
  { scope: 'sessions:read', toRequest: () => ({ method: 'GET', path: '/trpc/sessions.list?input=%7B%7D' }) },
];

function findRequest(key: TrialFacts): Request | null {
  return REQUESTS.find(({ scope }) => key.scopes.includes(scope))?.toRequest(key) ?? null;
}

export function toEnvLine(secret: string): string {
  return `EPHEMERA_ACCESS_KEY=${secret}`;
}

/** A command that shows the key at work, as it stands; null for a key that can only report. */
export function toCurl(key: TrialFacts, secret: string, origin: string): string | null {
  const request = findRequest(key);
  if (request === null) return null;
  const callerOrigin = key.allowedOrigins?.[0];
  const lines = [
    `curl ${request.method === 'POST' ? '-X POST ' : ''}'${origin}${request.path}'`,
    `-H 'Authorization: Bearer ${secret}'`,
    ...(callerOrigin === undefined ? [] : [`-H 'Origin: ${callerOrigin}'`]),
    ...(request.body === undefined
      ? []
      : [`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(request.body)}'`]),
  ];
  return lines.join(' \\\n  ');
}

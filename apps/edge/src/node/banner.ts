import type { Config } from '../config.ts';
import type { Demo } from './demo.ts';

/** What `npm start` says when it is ready: where to look, how to sign in, and one line that mints a token. */
export function describeDemo(
  config: Config,
  { demo, hasWebApp }: { demo: Demo; hasWebApp: boolean },
): string {
  const lines = [
    'Ephemera is ready (demo: loopback only, with demo accounts and demo data).',
    '',
    `  Web       ${demo.url}${hasWebApp ? '' : '   (not built yet: npm run build -w @ephemera/web)'}`,
    `  Sign in   ${demo.operator.email}  ${demo.operator.password}`,
    `  Upstream  ${describeUpstream(config, demo.simulatorUrl)}`,
    `  Scripts   ${demo.path}`,
    '',
    '  Mint a token:',
    '',
    `  ${describeCurl(demo)}`,
    '',
    '  Stop with Ctrl-C.',
  ];
  return `\n${lines.join('\n')}\n\n`;
}

/** The same for a deployment of its own, in one line. */
export function describeService(config: Config, url: string): string {
  return `Ephemera is ready at ${url}; upstream: ${describeUpstream(config, null)}.\n`;
}

function describeUpstream({ upstream }: Config, simulatorUrl: string | null): string {
  if (upstream.kind === 'simulator')
    return `the simulator at ${simulatorUrl ?? ''} (no account, no key, no cost)`;
  if (upstream.kind === 'openai') return `OpenAI at ${upstream.baseUrl} (the real service: calls cost money)`;
  return `${upstream.baseUrl} (OPENAI_BASE_URL)`;
}

/** With the token in it, long as it is: the line works wherever it is pasted. */
function describeCurl({ url, userToken }: Demo): string {
  return `curl -sS ${url}/v1/realtime/client_secrets -H 'Authorization: Bearer ${userToken}' -H 'Content-Type: application/json' -d '{}'`;
}

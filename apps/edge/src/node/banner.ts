import type { Config } from '../config.ts';
import type { DemoFile } from './demo-file.ts';

export type DemoBanner = { demo: DemoFile; path: string; upstream: string; hasWebApp: boolean };

/** What the demo says when it is ready: where to look, how to sign in, and one line that mints a token. */
export function describeDemo({ demo, path, upstream, hasWebApp }: DemoBanner): string {
  const lines = [
    'Ephemera is ready (demo: loopback only, with demo accounts and demo data).',
    '',
    `  Web       ${demo.url}${hasWebApp ? '' : '   (not built yet: npm run build -w @ephemera/web)'}`,
    `  Sign in   ${demo.operator.email}  ${demo.operator.password}`,
    `  Upstream  ${upstream}`,
    `  App key   ${demo.accessKey}`,
    `  Services  ${demo.url}/api/internal/api-keys  ${demo.internalApiSecret ?? ''}`,
    `  Scripts   ${path}`,
    '',
    '  Mint a token:',
    '',
    `  ${describeCurl(demo)}`,
    '',
    '  Stop with Ctrl-C.',
  ];
  return `\n${lines.join('\n')}\n\n`;
}

export type ServiceBanner = { url: string; simulatorUrl: string | null; setupToken: string | null };

/** The same for a deployment of its own: one line, and, as long as nobody owns it, how to. */
export function describeService(config: Config, { url, simulatorUrl, setupToken }: ServiceBanner): string {
  const ready = `Ephemera is ready at ${url}; upstream: ${describeUpstream(config, simulatorUrl)}.\n`;
  if (setupToken === null) return ready;
  return `${ready}Nobody owns it yet: open ${url}/setup with this token, which is good until the next start:\n${setupToken}\n`;
}

/** Says plainly whether a call costs money. */
export function describeUpstream({ upstream }: Config, simulatorUrl: string | null): string {
  if (upstream.kind === 'simulator')
    return `the simulator at ${simulatorUrl ?? ''} (no account, no key, no cost)`;
  if (upstream.kind === 'openai') return `OpenAI at ${upstream.baseUrl} (the real service: calls cost money)`;
  return `${upstream.baseUrl} (OPENAI_BASE_URL)`;
}

/** With the token in it, long as it is: the line works wherever it is pasted. */
function describeCurl({ url, userToken }: DemoFile): string {
  return `curl -sS ${url}/v1/realtime/client_secrets -H 'Authorization: Bearer ${userToken}' -H 'Content-Type: application/json' -d '{}'`;
}

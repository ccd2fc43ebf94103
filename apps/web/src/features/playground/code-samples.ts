import type { SessionConfig } from '@ephemera/realtime-client';

import { type IcePolicy, SECRET_TTL_SECONDS } from './playground-config.ts';

const EXPIRES_AFTER = { anchor: 'created_at', seconds: SECRET_TTL_SECONDS } as const;

export const CODE_FLAVOURS = ['client', 'openai', 'curl'] as const;
export type CodeFlavour = (typeof CODE_FLAVOURS)[number];

export const CODE_NAMES: Readonly<Record<CodeFlavour, string>> = {
  client: 'realtime-client',
  openai: 'openai SDK',
  curl: 'curl',
};

export type CodeInput = { origin: string; session: SessionConfig; icePolicy: IcePolicy };

function writeLiteral(value: unknown, indent: number): string {
  const pad = ' '.repeat(indent);
  return JSON.stringify(value, null, 2)
    .replaceAll(/^(\s*)"([A-Za-z_]\w*)":/gm, '$1$2:')
    .replaceAll('\n', `\n${pad}`);
}

function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function writeCurl({ origin, session }: CodeInput): string {
  return [
    `curl ${origin}/v1/realtime/client_secrets \\`,
    '  -H "Authorization: Bearer $USER_TOKEN" \\',
    '  -H "Content-Type: application/json" \\',
    `  -d ${quoteForShell(JSON.stringify({ expires_after: EXPIRES_AFTER, session }, null, 2))}`,
  ].join('\n');
}

function writeOpenAi({ origin, session }: CodeInput): string {
  return [
    "import OpenAI from 'openai';",
    '',
    'const broker = new OpenAI({',
    '  apiKey: userToken,',
    `  baseURL: '${origin}/v1',`,
    '});',
    '',
    'const secret = await broker.realtime.clientSecrets.create({',
    `  expires_after: ${writeLiteral(EXPIRES_AFTER, 2)},`,
    `  session: ${writeLiteral(session, 2)},`,
    '});',
    '',
    '// secret.value starts the call in the browser',
  ].join('\n');
}

function writeClient({ origin, session, icePolicy }: CodeInput): string {
  return [
    "import { createBroker, createRealtimeSession } from '@ephemera/realtime-client';",
    '',
    'const call = createRealtimeSession({',
    '  broker: createBroker({',
    `    url: '${origin}',`,
    '    getAccessToken: () => userToken,',
    '  }),',
    `  session: ${writeLiteral(session, 2)},`,
    `  ttlSeconds: ${SECRET_TTL_SECONDS},`,
    ...(icePolicy === 'relay' ? ["  iceTransportPolicy: 'relay',"] : []),
    '});',
    '',
    "call.on('transcript', (items) => render(items));",
    'button.onclick = () => call.connect();',
  ].join('\n');
}

const WRITERS: Readonly<Record<CodeFlavour, (input: CodeInput) => string>> = {
  client: writeClient,
  openai: writeOpenAi,
  curl: writeCurl,
};

/** Code that makes the very call that the page is set up for. */
export function writeCode(flavour: CodeFlavour, input: CodeInput): string {
  return WRITERS[flavour](input);
}

import { isPublic, type Settings } from './config-settings.ts';
import { isLoopbackHost } from './config-urls.ts';
import type { VariableName } from './config-variables.ts';

const MIN_DISTINCT = 8;
/** What stands in guides and templates to be replaced. */
const SAMPLE_WORDS =
  /change[-_ ]?me|password|placeholder|replace[-_ ]?(?:me|this)|^(?:\w{2,8}[-_])?your[-_ ]/i;

function isRepeated(text: string): boolean {
  for (let period = 1; period <= text.length / 2; period += 1) {
    if (text.slice(period) === text.slice(0, -period)) return true;
  }
  return false;
}

/** Such as `abcdefgh…`. */
function isCountedUp(text: string): boolean {
  let steps = 0;
  for (let index = 1; index < text.length; index += 1) {
    if (text.charCodeAt(index) - text.charCodeAt(index - 1) === 1) steps += 1;
  }
  return steps > text.length / 2;
}

/** Whether a secret was made by hand to fill a gap. A random one of 32 bytes never looks so, in base64 or hex. */
export function looksLikeSample(secret: string): boolean {
  return (
    new Set(secret).size < MIN_DISTINCT ||
    SAMPLE_WORDS.test(secret) ||
    isRepeated(secret) ||
    isCountedUp(secret)
  );
}

function isOffLoopback({ values, hostKind }: Settings): boolean {
  const isElsewhere = values.BASE_URL !== undefined && !isLoopbackHost(new URL(values.BASE_URL).hostname);
  return isElsewhere || isPublic({ values, hostKind });
}

function afterColon(entry: string): string {
  return entry.slice(entry.indexOf(':') + 1);
}

/** The bytes of the keys, one character each. What is no base64 is told elsewhere. */
function readKeyringMaterial(keyring: string | undefined): string[] {
  const isBase64 = /^[\w+/-]+={0,2}$/;
  return (keyring?.split(',') ?? [])
    .map((entry) => afterColon(entry).trim())
    .filter((text) => isBase64.test(text) && text.replaceAll('=', '').length % 4 !== 1)
    .map((text) => atob(text.replaceAll('-', '+').replaceAll('_', '/').replaceAll('=', '')));
}

type Given = readonly [VariableName, readonly (string | undefined)[]];

/** Without what is kept in another form than it is compared in. */
function listSecrets({ values }: Settings): Given[] {
  return [
    ['AUTH_SECRET', [values.AUTH_SECRET]],
    ['SAFETY_IDENTIFIER_SECRET', [values.SAFETY_IDENTIFIER_SECRET]],
    ['INTERNAL_API_SECRET', [values.INTERNAL_API_SECRET]],
    ['INTERNAL_API_SECRETS', (values.INTERNAL_API_SECRETS ?? []).map(afterColon)],
    ['ADMIN_BOOTSTRAP_TOKEN', [values.ADMIN_BOOTSTRAP_TOKEN]],
    ['METRICS_TOKEN', [values.METRICS_TOKEN]],
    ['COTURN_STATIC_AUTH_SECRET', values.COTURN_STATIC_AUTH_SECRET ?? []],
    ['OPERATOR_PASSWORD', [values.OPERATOR_PASSWORD]],
    ['OPENAI_API_KEY', [values.OPENAI_API_KEY]],
  ];
}

/** Whoever learns a secret that opens one door must find no other door that it opens. */
export function refuseShared(settings: Settings): void {
  const keys = (settings.values.KEYRING?.split(',') ?? []).map((entry) => afterColon(entry).trim());
  const seenIn = new Map<string, VariableName>();
  for (const [name, secrets] of [...listSecrets(settings), ['KEYRING', keys] as const]) {
    for (const secret of secrets) {
      if (secret === undefined || secret === '') continue;
      const other = seenIn.get(secret) ?? name;
      if (other !== name) settings.report(name, `should differ from ${other}: one secret, one purpose`);
      else seenIn.set(secret, name);
    }
  }
}

/** Where others can reach it, no secret is taken that somebody could guess from a guide. */
export function refuseSamples(settings: Settings): void {
  if (!isOffLoopback(settings)) return;
  const keyring: Given = ['KEYRING', readKeyringMaterial(settings.values.KEYRING)];
  for (const [name, secrets] of [...listSecrets(settings), keyring]) {
    if (secrets.some((secret) => secret !== undefined && looksLikeSample(secret))) {
      settings.report(
        name,
        'is a sample that anyone could guess: put in a real one (openssl rand -base64 32)',
      );
    }
  }
}

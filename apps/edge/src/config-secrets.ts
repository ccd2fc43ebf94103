import { type Keyring, parseKeyring } from '@ephemera/api/keyring';

import { mayBeDemo, type Settings } from './config-settings.ts';
import { SECRET_MIN_LENGTH, VARIABLES, type VariableName } from './config-variables.ts';
import { DEMO_DEFAULTS } from './demo-defaults.ts';

/** A secret with which a service of ours calls; `name` stands in the audit. */
export type InternalSecret = { name: string; secret: string };

export type Secrets = {
  /** Loopback only, on the well-known secrets: the one place where demo accounts and data may exist. */
  isDemo: boolean;
  authSecret: string;
  safetyIdentifierSecret: string;
  /** Null: no provider key can be stored; the environment's own still works. */
  keyring: Keyring | null;
  internalSecrets: InternalSecret[];
  /** Null: there are no metrics to be had. */
  metricsToken: string | null;
  operator: { email: string; password: string } | null;
};

/** How INTERNAL_API_SECRET, which has no name of its own, is called in the audit. */
const DEFAULT_NAME = 'default';
const SECRET_NAME = /^[a-z\d][\w.-]{0,63}$/i;
/** What can stand in a header as one word. */
const ONE_WORD = /^[\x21-\x7e]{1,1024}$/;

export function chooseSecrets(settings: Settings): Secrets {
  const { values } = settings;
  const hasOwn =
    isOwn(values.AUTH_SECRET, DEMO_DEFAULTS.authSecret) ||
    isOwn(values.SAFETY_IDENTIFIER_SECRET, DEMO_DEFAULTS.safetyIdentifierSecret) ||
    isOwn(values.OPERATOR_PASSWORD, DEMO_DEFAULTS.operatorPassword);
  const isDemo = mayBeDemo(settings) && !hasOwn;
  const common = {
    isDemo,
    keyring: chooseKeyring(settings, isDemo),
    internalSecrets: chooseInternalSecrets(settings, isDemo),
    metricsToken: chooseMetricsToken(settings, isDemo),
  };
  if (isDemo) {
    return {
      ...common,
      authSecret: DEMO_DEFAULTS.authSecret,
      safetyIdentifierSecret: DEMO_DEFAULTS.safetyIdentifierSecret,
      operator: {
        email: values.OPERATOR_EMAIL ?? DEMO_DEFAULTS.operatorEmail,
        password: DEMO_DEFAULTS.operatorPassword,
      },
    };
  }
  const authSecret = requireOwn(settings, 'AUTH_SECRET', DEMO_DEFAULTS.authSecret);
  const safetyIdentifierSecret = requireOwn(
    settings,
    'SAFETY_IDENTIFIER_SECRET',
    DEMO_DEFAULTS.safetyIdentifierSecret,
  );
  return { ...common, authSecret, safetyIdentifierSecret, operator: chooseOperator(settings) };
}

function isOwn(value: string | undefined, wellKnown: string): boolean {
  return value !== undefined && value !== wellKnown;
}

/** Own key-encryption keys are as good in a demo as anywhere; the demo's are public. */
function chooseKeyring({ values, report }: Settings, isDemo: boolean): Keyring | null {
  const text = values.KEYRING ?? (isDemo ? DEMO_DEFAULTS.keyring : undefined);
  if (text === undefined) return null;
  if (!isDemo && text.includes(DEMO_KEY_MATERIAL)) {
    report(
      'KEYRING',
      "holds the demo's well-known key: anyone knows it. Make your own (openssl rand -base64 32)",
    );
    return null;
  }
  try {
    return parseKeyring(text);
  } catch (error) {
    // Its message names what is bad by version and position, never the material.
    report('KEYRING', error instanceof Error ? error.message : 'cannot be read');
    return null;
  }
}

const DEMO_KEY_MATERIAL = DEMO_DEFAULTS.keyring.slice(DEMO_DEFAULTS.keyring.indexOf(':') + 1);

function chooseInternalSecrets(settings: Settings, isDemo: boolean): InternalSecret[] {
  const { INTERNAL_API_SECRET: single, INTERNAL_API_SECRETS: named } = settings.values;
  const secrets = [
    ...(single === undefined ? [] : [{ name: DEFAULT_NAME, secret: single }]),
    ...(named ?? []).flatMap((entry, index) => readNamedSecret(settings, { entry, index })),
  ];
  const from = named === undefined ? 'INTERNAL_API_SECRET' : 'INTERNAL_API_SECRETS';
  checkInternalSecrets(settings, { secrets, from, isDemo });
  if (secrets.length === 0 && isDemo)
    return [{ name: DEFAULT_NAME, secret: DEMO_DEFAULTS.internalApiSecret }];
  return secrets;
}

function readNamedSecret(
  { report }: Settings,
  { entry, index }: { entry: string; index: number },
): InternalSecret[] {
  const at = entry.indexOf(':');
  const name = entry.slice(0, Math.max(0, at));
  const secret = entry.slice(at + 1);
  if (at === -1 || !SECRET_NAME.test(name)) {
    report('INTERNAL_API_SECRETS', `entry ${index + 1} has no name: write name:secret,name:secret`);
    return [];
  }
  if (secret.length < SECRET_MIN_LENGTH || !ONE_WORD.test(secret)) {
    report(
      'INTERNAL_API_SECRETS',
      `the secret named ${JSON.stringify(name)} should be at least ${SECRET_MIN_LENGTH} characters without spaces`,
    );
    return [];
  }
  return [{ name, secret }];
}

function chooseMetricsToken({ values, report }: Settings, isDemo: boolean): string | null {
  const token = values.METRICS_TOKEN;
  if (token === undefined) return isDemo ? DEMO_DEFAULTS.metricsToken : null;
  if (token === DEMO_DEFAULTS.metricsToken && !isDemo) {
    report(
      'METRICS_TOKEN',
      "is the demo's well-known value: anyone knows it. Make your own (openssl rand -base64 32)",
    );
  }
  return token;
}

type SecretsCheck = { secrets: readonly InternalSecret[]; from: VariableName; isDemo: boolean };

function checkInternalSecrets({ report }: Settings, { secrets, from, isDemo }: SecretsCheck): void {
  const names = new Set<string>();
  const seen = new Set<string>();
  for (const { name, secret } of secrets) {
    if (names.has(name))
      report(from, `names ${JSON.stringify(name)} twice (INTERNAL_API_SECRET is "default")`);
    if (seen.has(secret))
      report(from, `holds the same secret twice, the second named ${JSON.stringify(name)}`);
    if (secret === DEMO_DEFAULTS.internalApiSecret && !isDemo) {
      report(
        from,
        "holds the demo's well-known secret: anyone knows it. Make your own (openssl rand -base64 32)",
      );
    }
    names.add(name);
    seen.add(secret);
  }
}

function requireOwn(
  { values, report }: Settings,
  name: 'AUTH_SECRET' | 'SAFETY_IDENTIFIER_SECRET',
  wellKnown: string,
): string {
  const value = values[name];
  if (value === wellKnown) {
    report(name, "is the demo's well-known value: anyone knows it. Make your own (openssl rand -base64 32)");
  } else if (value === undefined) {
    report(name, `is missing: outside the loopback demo it should be ${VARIABLES[name].expectation}`);
  }
  return value ?? '';
}

function chooseOperator({ values, report }: Settings): Secrets['operator'] {
  const { OPERATOR_EMAIL: email, OPERATOR_PASSWORD: password } = values;
  if (password === DEMO_DEFAULTS.operatorPassword) {
    report('OPERATOR_PASSWORD', "is the demo's well-known password: anyone knows it. Choose your own");
  }
  if (email === undefined && password === undefined) return null;
  if (email === undefined) report('OPERATOR_EMAIL', 'is missing: OPERATOR_PASSWORD is set without it');
  if (password === undefined) report('OPERATOR_PASSWORD', 'is missing: OPERATOR_EMAIL is set without it');
  return { email: email ?? '', password: password ?? '' };
}

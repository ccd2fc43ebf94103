import { revealsKeyShape } from '../../audit/mask-secrets.ts';
import { ACCESS_KEY_SCOPES, scopesOf } from '../../auth/scopes.ts';
import type { AccessKeyScope } from '../../auth/scopes.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { findModel } from '../../models/registry.ts';

/** What can be set on a key; null: the deployment's own, or no restriction. */
export type AccessKeySettings = {
  name: string;
  scopes: readonly AccessKeyScope[];
  allowedModels: readonly string[] | null;
  allowedOrigins: readonly string[] | null;
  mintsPerMinute: number | null;
  maxOpenSessions: number | null;
  maxTtlSeconds: number | null;
  maxSessionSeconds: number | null;
  expiresAt: Date | null;
};

/** What is left out stays as it is. */
export type GivenSettings = {
  [Setting in keyof AccessKeySettings]?: AccessKeySettings[Setting] | undefined;
};

function refuse(param: keyof AccessKeySettings, message: string): AppError {
  return new AppError('invalid_request', message, { details: { param } });
}

/** Nobody gives away what they have not got themselves, of what people can have at all. */
export function requireGrantable(ctx: ServiceContext, scopes: readonly string[]): void {
  const own = scopesOf(ctx.actor);
  if (!scopes.includes('tokens:mint-for') || own.has('tokens:mint-for')) return;
  throw new AppError('forbidden', 'Only an owner may give a key the scope tokens:mint-for.', {
    details: { param: 'scopes' },
  });
}

function checkModels(models: readonly string[]): void {
  // Not repeated: a key that was pasted into the wrong field must not come back in an error.
  if (models.some((id) => findModel(id) === null)) {
    throw refuse('allowedModels', 'One of these models is not known here.');
  }
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** As a browser writes it: no path, no default port, and https but on the own machine. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isSecure = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
  return isSecure && url.origin === text;
}

function checkOrigins(origins: readonly string[]): void {
  if (origins.every(isOrigin)) return;
  throw refuse(
    'allowedOrigins',
    'An origin is a scheme and a host, such as https://app.example.com (http:// only on loopback).',
  );
}

function checkExpiry(expiresAt: Date, nowMs: number): void {
  if (expiresAt.getTime() > nowMs) return;
  throw refuse('expiresAt', 'The key would have expired already.');
}

/** Throws `invalid_request` that names the field, or `forbidden` for a scope that is not the caller's to give. */
export function checkSettings(ctx: ServiceContext, settings: GivenSettings): void {
  const { name, scopes, allowedModels, allowedOrigins, expiresAt } = settings;
  if (name !== undefined && revealsKeyShape(name)) {
    throw refuse('name', 'This looks like a key, and the name is shown in clear.');
  }
  if (scopes !== undefined) requireGrantable(ctx, scopes);
  if (allowedModels) checkModels(allowedModels);
  if (allowedOrigins) checkOrigins(allowedOrigins);
  if (expiresAt) checkExpiry(expiresAt, ctx.clock.now());
}

/** Every scope a key can have, for whoever chooses. */
export const SCOPE_DESCRIPTIONS: Readonly<Record<AccessKeyScope, string>> = {
  'tokens:mint': 'Mint client secrets, filed under the key itself.',
  'tokens:mint-for': "Mint client secrets for the app's own users, filed under each of them.",
  'turn:issue': 'Get TURN credentials.',
  'models:read': 'List the models it may use.',
  'me:read': 'Read its own limits and budget.',
  'sessions:read': 'Read the sessions it started.',
  'sessions:report': 'Report that its sessions connected, what they used and that they ended.',
};

export function listScopes(): { id: AccessKeyScope; description: string }[] {
  return ACCESS_KEY_SCOPES.map((id) => ({ id, description: SCOPE_DESCRIPTIONS[id] }));
}

import type { Database } from './database.ts';
import { accessKeys } from './schema/access-keys.ts';
import { alerts } from './schema/alerts.ts';
import { auditEntries } from './schema/audit.ts';
import { accounts, authSessions, jwks, twoFactors, users, verifications } from './schema/auth.ts';
import { idempotentMints } from './schema/idempotent-mints.ts';
import { allowances, budgets, userPolicies } from './schema/limits.ts';
import {
  burntChallenges,
  deliveries,
  mailboxes,
  messages,
  nodeCapabilities,
  nodeHeartbeats,
  nodeRefreshTokens,
  nodeRegistrationTokens,
  nodeSigningKeys,
  nodes,
} from './schema/nodes.ts';
import { providerKeyHours, providerKeyReports, providerKeys } from './schema/provider-keys.ts';
import { rateWindows } from './schema/rate-windows.ts';
import { countedSessions, sessions } from './schema/sessions.ts';
import { settings } from './schema/settings.ts';
import { turnIssuances } from './schema/turn-issuances.ts';
import { usageEvents, usageHours } from './schema/usage.ts';

const TABLES = [
  users,
  authSessions,
  accounts,
  verifications,
  jwks,
  sessions,
  countedSessions,
  turnIssuances,
  providerKeys,
  providerKeyHours,
  providerKeyReports,
  auditEntries,
  alerts,
  rateWindows,
  idempotentMints,
  accessKeys,
  allowances,
  budgets,
  settings,
  twoFactors,
  usageEvents,
  usageHours,
  userPolicies,
  nodes,
  nodeCapabilities,
  nodeHeartbeats,
  burntChallenges,
  nodeRegistrationTokens,
  nodeRefreshTokens,
  nodeSigningKeys,
  messages,
  deliveries,
  mailboxes,
] as const;

/** Every table is asked for every column this code knows, so a schema older than the code is found. */
export async function hasSchema({ orm }: Pick<Database, 'orm'>): Promise<boolean> {
  const probes = await Promise.allSettled(TABLES.map((table) => orm.select().from(table).limit(1)));
  return probes.every(({ status }) => status === 'fulfilled');
}

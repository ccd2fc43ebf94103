import type { ProviderKeyState } from '@ephemera/db';

import type { ServiceContext } from '../../context.ts';
import { PROVIDERS } from '../../models/provider-catalogue.ts';
import { KEY_POLICY } from '../../pool/key-health.ts';
import { MINT_POLICY } from '../../pool/mint-policy.ts';
import { requireScope } from '../../auth/scopes.ts';
import { listKeyRows } from './list-rows.ts';
import { summarizeProviderKeys } from './summarize.ts';
import type { ProviderKeySummary } from './summary.ts';

export type ListKeysInput = { provider?: string | undefined; state?: ProviderKeyState | undefined };

export type KeyAlert = {
  id: string;
  kind: string;
  keyId: string;
  keyName: string;
  message: string;
  at: string;
};

export type ProviderKeyList = {
  items: ProviderKeySummary[];
  providers: { id: string; name: string; canTest: boolean; keyHint: string }[];
  /** A keyring is set: keys can be stored. */
  canStore: boolean;
  /** Stored keys that are not under the newest version of the keyring. */
  pendingRewrap: number;
  alerts: KeyAlert[];
  policy: { triesPerMint: number; tryTimeoutMs: number; breakerFailures: number; breakerSeconds: number };
};

const ALERTS_SQL = `select a.id, a.kind, a.target, a.message, a.at, k.name
  from alerts a join provider_keys k on k.id = a.target
  where a.resolved_at is null order by a.id desc limit 50`;
const PENDING_SQL = `select count(*) as n from provider_keys where ciphertext is not null and kek_version <> ?1`;

async function listAlerts(ctx: ServiceContext): Promise<KeyAlert[]> {
  const rows = await ctx.database.read(ALERTS_SQL);
  return rows.map((row) => ({
    id: String(row['id']),
    kind: String(row['kind']),
    keyId: String(row['target']),
    keyName: String(row['name']),
    message: String(row['message']),
    at: new Date(Number(row['at'])).toISOString(),
  }));
}

async function countPending(ctx: ServiceContext): Promise<number> {
  if (ctx.vault === null) return 0;
  const [row] = await ctx.database.read(PENDING_SQL, [ctx.vault.newestVersion]);
  return Number(row?.['n'] ?? 0);
}

/** Every key of the pool with its health, and what the page around them needs. */
export async function listProviderKeys(ctx: ServiceContext, input: ListKeysInput): Promise<ProviderKeyList> {
  requireScope(ctx, 'keys:read');
  const rows = await listKeyRows(ctx, input.provider);
  const [items, alerts, pendingRewrap] = await Promise.all([
    summarizeProviderKeys(ctx, rows),
    listAlerts(ctx),
    countPending(ctx),
  ]);
  return {
    items: items.filter(({ state }) => input.state === undefined || state === input.state),
    providers: PROVIDERS.map(({ id, name, canTest, keyHint }) => ({ id, name, canTest, keyHint })),
    canStore: ctx.vault !== null,
    pendingRewrap,
    alerts,
    policy: {
      triesPerMint: MINT_POLICY.triesPerMint,
      tryTimeoutMs: MINT_POLICY.tryTimeoutMs,
      breakerFailures: KEY_POLICY.breakerFailures,
      breakerSeconds: KEY_POLICY.breakerMs / 1_000,
    },
  };
}

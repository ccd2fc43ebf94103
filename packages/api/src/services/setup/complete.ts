import type { Database } from '@ephemera/db';

import { canonicalizeEmail, requireGoodPassword } from '../../auth/passwords.ts';
import { auditStatement } from '../../audit/record.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { isSameBytes } from '../../same-bytes.ts';
import { countStatement, openRateWindow, requireRoom } from '../internal/rate-limit.ts';
import { insertAccountStatements } from '../members/account-statements.ts';

export type SetupInput = { token: string; name: string; email: string; password: string };

const OWNER_SQL = "select 1 from users where role = 'owner' limit 1";
const TRIES_PER_MINUTE = 20;

/** Whether there is an owner, so that nobody can make themselves the first one. */
export async function isSetUp(database: Pick<Database, 'read'>): Promise<boolean> {
  return (await database.read(OWNER_SQL)).length > 0;
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

/** As long for every wrong token, whatever its length. */
async function isSameToken(one: string, other: string): Promise<boolean> {
  const [left, right] = await Promise.all([digest(one), digest(other)]);
  return isSameBytes(left, right);
}

function alreadyDone(): AppError {
  return new AppError('conflict', 'This deployment is set up already: sign in.');
}

/** Where it comes from, and the one-time token of this deployment; null: none is set, so nothing is accepted. */
export type SetupTerms = { address: string; expectedToken: string | null };

async function requireToken(
  ctx: ServiceContext,
  token: string,
  { address, expectedToken }: SetupTerms,
): Promise<void> {
  if (expectedToken !== null && (await isSameToken(token, expectedToken))) return;
  const limit = TRIES_PER_MINUTE;
  const window = openRateWindow(ctx.clock, { scope: 'setup_refused', subject: address, limit });
  const [counted] = await ctx.database.writeAll([
    countStatement(window),
    auditStatement(ctx, { action: 'account.set_up', target: null, result: 'denied', isConditional: true }),
  ]);
  requireRoom(ctx.clock, window, counted);
  throw new AppError('unauthenticated', 'This is not the set-up token.', { details: { param: 'token' } });
}

/** Makes the first owner, once: whoever comes second, or at the same time elsewhere, is told that it is done. */
export async function completeSetup(
  ctx: ServiceContext,
  input: SetupInput,
  terms: SetupTerms,
): Promise<{ success: true }> {
  if (await isSetUp(ctx.database)) throw alreadyDone();
  await requireToken(ctx, input.token, terms);
  const email = canonicalizeEmail(input.email);
  requireGoodPassword(input.password, { email });
  const id = ctx.ids.memberId();
  const passwordHash = await ctx.passwords.hash(input.password);
  const account = { id, name: input.name, email, role: 'owner', passwordHash } as const;
  const [inserted] = await ctx.database.writeAll([
    ...insertAccountStatements(ctx, account, true),
    auditStatement(ctx, { action: 'account.set_up', target: id, result: 'ok', isConditional: true }),
  ]);
  if (inserted?.rowsAffected === 1) return { success: true };
  if (await isSetUp(ctx.database)) throw alreadyDone();
  throw new AppError('conflict', 'There is an account with this e-mail address already.', {
    details: { param: 'email' },
  });
}

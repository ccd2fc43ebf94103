import type { Database, Statement } from '@ephemera/db';

import type { Clock } from '../context.ts';
import { AppError } from '../errors.ts';
import type { Pseudonyms } from '../pseudonyms.ts';

/** Who tries, and from where; null: nobody's account, as when a second factor is tried. */
export type Attempt = { account: string | null; subject: string; ipPrefix: string | null };

/** What was counted; it is taken back when the attempt turns out to be right. */
export type CountedAttempt = {
  /** The lock that this attempt was the first to meet; told to the audit once. */
  lockedBy: LockScope | null;
  isLocked: boolean;
  retryAfterSeconds: number;
  forgive: readonly Statement[];
};

export type SignInGuard = { count: (attempt: Attempt) => Promise<CountedAttempt> };

type LockScope = 'sign_in_pair' | 'sign_in_address' | 'sign_in_account';

/** Wrong tries of a quarter of an hour. */
export const SIGN_IN_LIMITS: Readonly<Record<LockScope, number>> = {
  /** One account from one address. */
  sign_in_pair: 10,
  /** One address, whatever the account. */
  sign_in_address: 50,
  /** One account from everywhere; where its owner has been before is not locked. */
  sign_in_account: 100,
};

const WINDOW_MS = 900_000;
const KNOWN_MS = 30 * 86_400_000;

/** Each try counts, the refused ones too: nobody learns a limit by running into it. */
const COUNT_SQL = `insert into rate_windows (scope, subject, window_start, count) values (?1, ?2, ?3, 1)
  on conflict (scope, subject, window_start) do update set count = count + 1 returning count`;
const FORGIVE_SQL = `update rate_windows set count = count - 1
  where scope = ?1 and subject = ?2 and window_start = ?3 and count > 0`;
const FORGET_SQL = 'delete from rate_windows where scope = ?1 and subject = ?2';
const KNOWN_SQL = `select 1 from auth_sessions s join users u on u.id = s.user_id
  where u.email = ?1 and s.ip_address = ?2 and s.created_at > ?3 limit 1`;

type Counter = { scope: LockScope; subject: string; count: number };

function forgiveStatement({ scope, subject }: Counter, startMs: number): Statement {
  return scope === 'sign_in_pair'
    ? { sql: FORGET_SQL, args: [scope, subject] }
    : { sql: FORGIVE_SQL, args: [scope, subject, startMs] };
}

/**
 * Counts tries before any password is hashed, in the database: over all processes, in parallel and across restarts. An
 * account is counted by a pseudonym, since what people type there may be a password.
 */
export function createSignInGuard(parts: {
  database: Pick<Database, 'read' | 'writeAll'>;
  clock: Clock;
  pseudonyms: Pseudonyms;
}): SignInGuard {
  const { database, clock, pseudonyms } = parts;

  async function subjectsOf({ account, subject }: Attempt): Promise<[LockScope, string][]> {
    if (account === null) return [['sign_in_address', subject]];
    const name = (await pseudonyms.safetyIdentifierOf(`sign-in:${account}`)).slice(0, 32);
    return [
      ['sign_in_pair', `${name}@${subject}`],
      ['sign_in_address', subject],
      ['sign_in_account', name],
    ];
  }

  async function isKnownHere({ account, ipPrefix }: Attempt, nowMs: number): Promise<boolean> {
    if (account === null || ipPrefix === null) return false;
    return (await database.read(KNOWN_SQL, [account, ipPrefix, nowMs - KNOWN_MS])).length > 0;
  }

  return {
    count: async (attempt) => {
      const nowMs = clock.now();
      const startMs = nowMs - (nowMs % WINDOW_MS);
      const subjects = await subjectsOf(attempt);
      const results = await database.writeAll(
        subjects.map(([scope, subject]) => ({ sql: COUNT_SQL, args: [scope, subject, startMs] })),
      );
      const counters: Counter[] = subjects.map(([scope, subject], index) => {
        return { scope, subject, count: Number(results[index]?.rows[0]?.['count'] ?? 0) };
      });
      let over = counters.filter(({ scope, count }) => count > SIGN_IN_LIMITS[scope]);
      const isDistributed = over.length > 0 && over.every(({ scope }) => scope === 'sign_in_account');
      if (isDistributed && (await isKnownHere(attempt, nowMs))) over = [];
      const first = over.find(({ scope, count }) => count === SIGN_IN_LIMITS[scope] + 1);
      return {
        isLocked: over.length > 0,
        lockedBy: first?.scope ?? null,
        retryAfterSeconds: Math.max(1, Math.ceil((startMs + WINDOW_MS - nowMs) / 1_000)),
        forgive: counters.map((counter) => forgiveStatement(counter, startMs)),
      };
    },
  };
}

/** The same words whether there is such an account or not. */
export function tooManySignIns({ retryAfterSeconds }: CountedAttempt): AppError {
  return new AppError('rate_limited', 'Too many failed sign-ins. Try again later.', {
    details: { retryAfterSeconds },
  });
}

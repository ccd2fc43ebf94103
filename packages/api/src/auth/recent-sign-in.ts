import type { ServiceContext } from '../context.ts';
import { AppError } from '../errors.ts';

/** How long a sign-in, the second factor included, is fresh enough to give out keys or access. */
export const RECENT_SIGN_IN_MS = 30 * 60_000;

/** Throws `reauthentication_required`: whoever found an open browser gets no further. A fresh sign-in mends it. */
export function requireRecentSignIn({ actor, clock }: Pick<ServiceContext, 'actor' | 'clock'>): void {
  if (actor.kind !== 'operator') return;
  const { authenticatedAtMs } = actor;
  if (authenticatedAtMs !== null && clock.now() - authenticatedAtMs <= RECENT_SIGN_IN_MS) return;
  throw new AppError(
    'reauthentication_required',
    'Sign in again: this needs a sign-in of the last 30 minutes.',
  );
}

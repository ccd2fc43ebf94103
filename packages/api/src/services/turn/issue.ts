import type { ServiceContext } from '../../context.ts';
import { AppError, describeError } from '../../errors.ts';
import type { IceServer, TurnProvider } from '../../providers/turn-provider.ts';
import { ownerIdOf, requireScope } from '../../auth/scopes.ts';
import { countIssuance } from './count-issuance.ts';

export type IssueTurnInput = { ttlSeconds?: number | undefined };

export type IssuedTurnCredentials = {
  provider: string;
  iceServers: IceServer[];
  expiresAt: Date;
  ttlSeconds: number;
  revocable: boolean;
  midSessionExpiry: TurnProvider['midSessionExpiry'];
};

const PROVIDER_TIMEOUT_MS = 2_000;
const MIN_TTL_SECONDS = 60;

function clampTtl(ctx: ServiceContext, provider: TurnProvider, asked: number | undefined): number {
  const { defaultSeconds, maxSeconds } = ctx.settings.turn.ttl;
  const wanted = Math.floor(asked ?? defaultSeconds);
  return Math.max(MIN_TTL_SECONDS, Math.min(wanted, maxSeconds, provider.maxTtlSeconds));
}

/** Settles after two seconds at the latest, whatever the provider does with the signal. */
async function callInTime<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    controller.abort();
    late.reject(new AppError('upstream_timeout', 'The TURN provider did not answer in time.'));
  }, PROVIDER_TIMEOUT_MS);
  try {
    return await Promise.race([call(controller.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function tryProvider(
  ctx: ServiceContext,
  userId: string,
  { provider, input }: { provider: TurnProvider; input: IssueTurnInput },
): Promise<IssuedTurnCredentials | null> {
  const ttlSeconds = clampTtl(ctx, provider, input.ttlSeconds);
  const nowMs = ctx.clock.now();
  const counted = await countIssuance(ctx, userId, provider);
  try {
    const turnUser = await ctx.pseudonyms.turnUserOf(userId);
    const iceServers = await callInTime((signal) => provider.issue({ turnUser, ttlSeconds, nowMs, signal }));
    const { name, revocable, midSessionExpiry } = provider;
    const expiresAt = new Date((Math.floor(nowMs / 1_000) + ttlSeconds) * 1_000);
    return { provider: name, iceServers, expiresAt, ttlSeconds, revocable, midSessionExpiry };
  } catch (error) {
    ctx.logger.warn('turn.provider_failed', { provider: provider.name, error: describeError(error) });
    await counted.release();
    return null;
  }
}

/** ICE servers from the first provider that answers. Throws `rate_limited`, or `unavailable` when none does. */
export async function issueTurnCredentials(
  ctx: ServiceContext,
  input: IssueTurnInput,
): Promise<IssuedTurnCredentials> {
  const userId = ownerIdOf(requireScope(ctx, 'turn:issue'));
  for (const provider of ctx.turnProviders) {
    const issued = await tryProvider(ctx, userId, { provider, input });
    if (issued !== null) return issued;
  }
  throw new AppError('unavailable', 'No TURN provider is available at the moment.', {
    details: { retryAfterSeconds: 5 },
  });
}

import { describeError } from '../../errors.ts';
import type { ApiDependencies } from '../../context.ts';
import { countKeyStates } from '../provider-keys/count-states.ts';
import type { FindUnready } from './find-unready.ts';

export type HealthStatus = 'ok' | 'degraded' | 'down';

export type Health = {
  status: HealthStatus;
  /** Seconds since this instance started: a process, or an isolate on Workers. */
  uptime: number;
  version: string;
  checks: {
    /** It answers, its schema is the code's, and what is encrypted in it can be read. */
    database: 'ok' | 'down';
    /** Whether some provider key is fit: `degraded` where all of them have to wait, `unknown` where nobody can tell. */
    upstream: HealthStatus | 'unknown';
    /** Whether TURN credentials can be made; `off`: none is configured. */
    turn: 'ok' | 'down' | 'off';
  };
};

export type HealthContext = Pick<
  ApiDependencies,
  'database' | 'clock' | 'keySecrets' | 'turnProviders' | 'logger'
> & {
  findUnready: FindUnready;
  startedAtMs: number;
  version: string;
};

const PROVIDER = 'openai';
const TURN_TTL_SECONDS = 60;

/** The provider itself is not asked: this question is open to everybody, and no stranger may cause a request. */
async function checkUpstream(ctx: HealthContext): Promise<Health['checks']['upstream']> {
  const { healthy, waiting } = await countKeyStates(ctx, PROVIDER);
  if (healthy > 0) return 'ok';
  return waiting > 0 ? 'degraded' : 'down';
}

/** Makes credentials for nobody, as for a caller; all providers there are work them out by themselves. */
async function checkTurn({ turnProviders, clock, logger }: HealthContext): Promise<Health['checks']['turn']> {
  const request = { turnUser: 'health', ttlSeconds: TURN_TTL_SECONDS, nowMs: clock.now() };
  let outcome: Health['checks']['turn'] = 'off';
  for (const provider of turnProviders) {
    try {
      const servers = await provider.issue({ ...request, signal: AbortSignal.timeout(1_000) });
      if (servers.some(({ urls }) => urls.some((url) => url.startsWith('turn')))) return 'ok';
    } catch (error) {
      logger.warn('health.turn_failed', { provider: provider.name, error: describeError(error) });
      outcome = 'down';
    }
  }
  return outcome;
}

async function checkDatabase(ctx: HealthContext): Promise<'ok' | 'down'> {
  return (await ctx.findUnready()).length === 0 ? 'ok' : 'down';
}

function judge({ database, upstream, turn }: Health['checks']): HealthStatus {
  if (database === 'down') return 'down';
  return upstream === 'ok' && turn !== 'down' ? 'ok' : 'degraded';
}

/**
 * Without its database this service can do nothing. Without a fit key, or TURN, it cannot do everything: sessions end,
 * nodes talk, and whoever balances load must not take all of it away.
 */
export async function checkHealth(ctx: HealthContext): Promise<Health> {
  const [database, turn] = await Promise.all([checkDatabase(ctx), checkTurn(ctx)]);
  const upstream = database === 'ok' ? await checkUpstream(ctx).catch(() => 'unknown' as const) : 'unknown';
  const checks = { database, upstream, turn };
  const uptime = Math.max(0, Math.floor((ctx.clock.now() - ctx.startedAtMs) / 1_000));
  return { status: judge(checks), uptime, version: ctx.version, checks };
}

import { AppError, type IceServer, type Logger } from '@ephemera/api';
import { Hono } from 'hono';

import { createCors } from './http/cors.ts';
import type { EdgeContext, EdgeEnv } from './http/edge-context.ts';
import {
  answerFailure,
  answerOpenAiError,
  answerPlainError,
  answerProblem,
  answerThrown,
  type ErrorShape,
  withErrors,
} from './http/error-answers.ts';
import { observe } from './http/observe.ts';
import type { PageAssets } from './http/page-assets.ts';
import { createPageHeaders } from './http/security-headers.ts';
import { type AuthHandler, createAuthRoute } from './routes/auth.ts';
import { createClientSecretsRoute } from './routes/client-secrets.ts';
import { createDemoRoute, type DemoAccount } from './routes/demo.ts';
import { answerHealth, createReadinessRoute, type FindUnready } from './routes/health.ts';
import {
  createReadKeysRoute,
  createReportUsesRoute,
  type InternalApiKeysDependencies,
} from './routes/internal-api-keys.ts';
import { createJwksRoute, type JwksSource } from './routes/jwks.ts';
import { createPages } from './routes/pages.ts';
import { createRealtimeEndRoute, type RealtimeEndDependencies } from './routes/realtime-end.ts';
import { createSessionUsageRoute } from './routes/session-usage.ts';
import { createTrpcRoute } from './routes/trpc.ts';
import { createTurnCredentialsRoute } from './routes/turn-credentials.ts';

export type AppDependencies = RealtimeEndDependencies &
  InternalApiKeysDependencies & {
    logger: Logger;
    auth: AuthHandler;
    jwks: JwksSource;
    assets: PageAssets;
    findUnready: FindUnready;
    /** What a caller may fall back to when no TURN provider answers. */
    stunServers: readonly IceServer[];
    allowedOrigins: readonly string[];
    /** Origins that the page connects to beside its own. */
    connectOrigins: readonly string[];
    isHttps: boolean;
    /** Told to everybody: only those of a loopback demo. */
    demoAccounts: readonly DemoAccount[];
  };

/** The HTTP surface, the same on every host. */
export function createApp(deps: AppDependencies): Hono<EdgeEnv> {
  const { logger } = deps;
  const openAi = withErrors(logger, answerOpenAiError);
  const failure = withErrors(logger, answerFailure);
  const problem = withErrors(logger, answerProblem);
  const plain = withErrors(logger, answerPlainError);
  const app = new Hono<EdgeEnv>();
  app.use(observe({ logger, cors: createCors(deps.allowedOrigins) }));
  app.post('/v1/realtime/client_secrets', openAi(createClientSecretsRoute(deps)));
  app.post('/v1/realtime/sessions/:id/usage', openAi(createSessionUsageRoute(deps)));
  app.post('/api/realtime/end', failure(createRealtimeEndRoute(deps)));
  app.get('/api/v1/webrtc/turn-credentials', problem(createTurnCredentialsRoute(deps, deps.stunServers)));
  app.get('/api/internal/api-keys', plain(createReadKeysRoute(deps)));
  app.post('/api/internal/api-keys', plain(createReportUsesRoute(deps)));
  app.on(['GET', 'POST'], '/trpc/*', problem(createTrpcRoute(deps)));
  app.on(['GET', 'POST'], '/api/auth/*', problem(createAuthRoute(deps.auth)));
  app.get('/.well-known/jwks.json', problem(createJwksRoute(deps.jwks)));
  app.get('/api/demo', problem(createDemoRoute(deps.demoAccounts)));
  app.get('/healthz', problem(answerHealth));
  app.get('/readyz', problem(createReadinessRoute(deps.findUnready)));
  app.notFound(createFallback(deps));
  app.onError((error, c) => answerThrown(c, error, { logger, shape: shapeOf(c.req.path) }));
  return app;
}

/** Everything without a route: the web app's files and pages, else an error in the shape of its neighbours. */
function createFallback({ assets, connectOrigins, isHttps }: AppDependencies) {
  const findPage = createPages({ assets, pageHeaders: createPageHeaders({ connectOrigins, isHttps }) });
  return async (c: EdgeContext): Promise<Response> => {
    const page = await findPage(c);
    if (page !== null) return page;
    const error = new AppError('not_found', 'There is nothing at this address.');
    c.var.note.errorCode = error.code;
    return shapeOf(c.req.path)(c, error);
  };
}

function shapeOf(path: string): ErrorShape {
  if (path.startsWith('/v1/')) return answerOpenAiError;
  if (path.startsWith('/api/internal/')) return answerPlainError;
  return path.startsWith('/api/realtime/') ? answerFailure : answerProblem;
}

import {
  AppError,
  type FindUnready,
  type IceServer,
  type KeyOrigins,
  type Logger,
  type Scope,
  SCOPES,
} from '@ephemera/api';
import { Hono } from 'hono';

import { requireCallerScope } from './http/authenticate.ts';
import { createCors } from './http/cors.ts';
import type { EdgeContext, EdgeEnv } from './http/edge-context.ts';
import {
  answerFailure,
  answerNodeProblem,
  answerOpenAiError,
  answerPlainError,
  answerProblem,
  answerThrown,
  type ErrorShape,
  type RouteHandler,
  withErrors,
} from './http/error-answers.ts';
import { observe } from './http/observe.ts';
import type { Network } from './http/networks.ts';
import type { PageAssets } from './http/page-assets.ts';
import { createDocsHeaders, createPageHeaders } from './http/security-headers.ts';
import { type AuthHandler, createAuthRoute } from './routes/auth.ts';
import { createClientSecretsRoute } from './routes/client-secrets.ts';
import { createDemoRoute, type DemoAccount } from './routes/demo.ts';
import { answerHealth, createNetworkHealthRoute, createReadinessRoute } from './routes/health.ts';
import {
  createReadKeysRoute,
  createReportUsesRoute,
  type InternalApiKeysDependencies,
} from './routes/internal-api-keys.ts';
import { createJwksRoute, type JwksSource } from './routes/jwks.ts';
import { createMeRoute } from './routes/me.ts';
import { createModelsRoute } from './routes/models.ts';
import { createMetricsRoute, createNetworkMetricsRoute, type MetricsDependencies } from './routes/metrics.ts';
import { NODE_ROUTES } from './routes/nodes/node-routes.ts';
import { createPages } from './routes/pages.ts';
import { createRealtimeTokenRoute } from './routes/realtime-token.ts';
import { createRealtimeEndRoute, type RealtimeEndDependencies } from './routes/realtime-end.ts';
import { createSessionUsageRoute } from './routes/session-usage.ts';
import { createSetupRoute, createSetupStateRoute, type SetupDependencies } from './routes/setup.ts';
import { createTrpcRoute } from './routes/trpc.ts';
import { createTurnCredentialsRoute } from './routes/turn-credentials.ts';

export type AppDependencies = RealtimeEndDependencies &
  InternalApiKeysDependencies &
  MetricsDependencies &
  SetupDependencies & {
    logger: Logger;
    auth: AuthHandler;
    jwks: JwksSource;
    assets: PageAssets;
    findUnready: FindUnready;
    /** What a caller may fall back to when no TURN provider answers. */
    stunServers: readonly IceServer[];
    allowedOrigins: readonly string[];
    /** Whose X-Forwarded-For is believed, on Node. */
    trustedProxies: readonly Network[];
    /** Whether some access key may be used from a page of this origin. */
    isKeyOrigin: KeyOrigins;
    /** Origins that the page connects to beside its own. */
    connectOrigins: readonly string[];
    isHttps: boolean;
    /** Told to everybody: only those of a loopback demo. */
    demoAccounts: readonly DemoAccount[];
  };

/**
 * What a route asks of its caller: a scope; nothing (`public`); or something that is told below it: each procedure names
 * its scope, the account library's routes prove who somebody is, and the metrics have a secret of their own beside
 * the scope.
 */
export type RouteAccess = Scope | 'public' | 'procedure' | 'sign_in' | 'metrics_token';

export type Route = {
  methods: readonly ('GET' | 'POST' | 'PUT')[];
  path: string;
  access: RouteAccess;
  shape: ErrorShape;
  create: (deps: AppDependencies) => RouteHandler;
};

/** Every route there is. A test goes through this table and asks each of them as every kind of caller. */
export const ROUTES: readonly Route[] = [
  {
    methods: ['POST'],
    path: '/v1/realtime/client_secrets',
    access: 'tokens:mint',
    shape: answerOpenAiError,
    create: createClientSecretsRoute,
  },
  {
    methods: ['POST'],
    path: '/v1/realtime/sessions/:id/usage',
    access: 'sessions:report',
    shape: answerOpenAiError,
    create: createSessionUsageRoute,
  },
  {
    methods: ['GET'],
    path: '/v1/models',
    access: 'models:read',
    shape: answerOpenAiError,
    create: createModelsRoute,
  },
  { methods: ['GET'], path: '/v1/me', access: 'me:read', shape: answerOpenAiError, create: createMeRoute },
  {
    methods: ['POST'],
    path: '/api/realtime/token',
    access: 'tokens:mint',
    shape: answerFailure,
    create: createRealtimeTokenRoute,
  },
  {
    methods: ['POST'],
    path: '/api/realtime/end',
    access: 'sessions:report',
    shape: answerFailure,
    create: createRealtimeEndRoute,
  },
  {
    methods: ['GET'],
    path: '/api/v1/webrtc/turn-credentials',
    access: 'turn:issue',
    shape: answerProblem,
    create: (deps) => createTurnCredentialsRoute(deps, deps.stunServers),
  },
  {
    methods: ['GET'],
    path: '/api/internal/api-keys',
    access: 'internal-keys:read',
    shape: answerPlainError,
    create: createReadKeysRoute,
  },
  {
    methods: ['POST'],
    path: '/api/internal/api-keys',
    access: 'internal-keys:report',
    shape: answerPlainError,
    create: createReportUsesRoute,
  },
  {
    methods: ['GET', 'POST'],
    path: '/trpc/*',
    access: 'procedure',
    shape: answerProblem,
    create: createTrpcRoute,
  },
  {
    methods: ['GET', 'POST'],
    path: '/api/auth/*',
    access: 'sign_in',
    shape: answerProblem,
    create: (deps) => createAuthRoute(deps.auth),
  },
  {
    methods: ['GET'],
    path: '/api/setup',
    access: 'public',
    shape: answerProblem,
    create: createSetupStateRoute,
  },
  {
    methods: ['POST'],
    path: '/api/setup',
    access: 'public',
    shape: answerProblem,
    create: createSetupRoute,
  },
  {
    methods: ['GET'],
    path: '/.well-known/jwks.json',
    access: 'public',
    shape: answerProblem,
    create: (deps) => createJwksRoute(deps.jwks),
  },
  {
    methods: ['GET'],
    path: '/api/demo',
    access: 'public',
    shape: answerProblem,
    create: (deps) => createDemoRoute(deps.demoAccounts),
  },
  ...NODE_ROUTES,
  {
    methods: ['GET'],
    path: '/metrics',
    access: 'metrics_token',
    shape: answerProblem,
    create: createMetricsRoute,
  },
  {
    methods: ['GET'],
    path: '/api/v1/metrics',
    access: 'metrics_token',
    shape: answerNodeProblem,
    create: createNetworkMetricsRoute,
  },
  {
    methods: ['GET'],
    path: '/api/v1/health',
    access: 'public',
    shape: answerNodeProblem,
    create: createNetworkHealthRoute,
  },
  { methods: ['GET'], path: '/healthz', access: 'public', shape: answerProblem, create: () => answerHealth },
  {
    methods: ['GET'],
    path: '/readyz',
    access: 'public',
    shape: answerProblem,
    create: (deps) => createReadinessRoute(deps.findUnready),
  },
];

/** The HTTP surface, the same on every host. */
export function createApp(deps: AppDependencies): Hono<EdgeEnv> {
  const { logger } = deps;
  const app = new Hono<EdgeEnv>();
  const { trustedProxies } = deps;
  app.use(observe({ logger, cors: createCors(deps), showsDetails: !deps.isHttps, trustedProxies }));
  for (const route of ROUTES) {
    const { methods, path, shape } = route;
    app.on([...methods], path, withErrors(logger, shape)(createHandler(route, deps)));
  }
  app.notFound(createFallback(deps));
  app.onError((error, c) => answerThrown(c, error, { logger, shape: shapeOf(c.req.path) }));
  return app;
}

const CALLER_SCOPES: ReadonlySet<string> = new Set(SCOPES.filter((scope) => !scope.startsWith('internal-')));

function isCallerScope(access: RouteAccess): access is Scope {
  return CALLER_SCOPES.has(access);
}

/** Services of ours show a secret instead of a token, and their routes look at it by themselves. */
function createHandler({ access, create }: Route, deps: AppDependencies): RouteHandler {
  const handler = create(deps);
  return isCallerScope(access)
    ? requireCallerScope(handler, { scope: access, actors: deps.actors, api: deps.api })
    : handler;
}

/** Everything without a route: the web app's files and pages, else an error in the shape of its neighbours. */
function createFallback({ assets, connectOrigins, isHttps }: AppDependencies) {
  const pageHeaders = createPageHeaders({ connectOrigins, isHttps });
  const findPage = createPages({ assets, pageHeaders, docsHeaders: createDocsHeaders({ isHttps }) });
  return async (c: EdgeContext): Promise<Response> => {
    const page = await findPage(c);
    if (page !== null) return page;
    const error = new AppError('not_found', 'There is nothing at this address.');
    c.var.note.errorCode = error.code;
    return shapeOf(c.req.path)(c, error);
  };
}

const NODE_PATH = /^\/api\/v1\/(auth|nodes|messages)\//;

function shapeOf(path: string): ErrorShape {
  if (path.startsWith('/v1/')) return answerOpenAiError;
  if (path.startsWith('/api/internal/')) return answerPlainError;
  if (NODE_PATH.test(path)) return answerNodeProblem;
  return path.startsWith('/api/realtime/') ? answerFailure : answerProblem;
}

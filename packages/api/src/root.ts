import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';

import { accessKeysRouter } from './routers/access-keys.ts';
import { auditRouter } from './routers/audit.ts';
import { budgetsRouter } from './routers/budgets.ts';
import { keysRouter } from './routers/keys.ts';
import { meRouter } from './routers/me.ts';
import { membersRouter } from './routers/members.ts';
import { messagesRouter } from './routers/messages.ts';
import { modelsRouter } from './routers/models.ts';
import { monitoringRouter } from './routers/monitoring.ts';
import { nodesRouter } from './routers/nodes.ts';
import { overviewRouter } from './routers/overview.ts';
import { sessionsRouter } from './routers/sessions.ts';
import { tokensRouter } from './routers/tokens.ts';
import { turnRouter } from './routers/turn.ts';
import { usageRouter } from './routers/usage.ts';
import { usersRouter } from './routers/users.ts';
import { router } from './trpc.ts';

export const appRouter = router({
  accessKeys: accessKeysRouter,
  audit: auditRouter,
  budgets: budgetsRouter,
  keys: keysRouter,
  me: meRouter,
  members: membersRouter,
  messages: messagesRouter,
  models: modelsRouter,
  monitoring: monitoringRouter,
  nodes: nodesRouter,
  overview: overviewRouter,
  sessions: sessionsRouter,
  tokens: tokensRouter,
  turn: turnRouter,
  usage: usageRouter,
  users: usersRouter,
});

export type AppRouter = typeof appRouter;
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;

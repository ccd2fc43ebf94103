import type { Route } from '../../app.ts';
import { answerNodeProblem } from '../../http/error-answers.ts';
import { createMessageStreamRoute } from './message-stream.ts';
import { createMarkReadRoute, createPendingRoute, createSendMessageRoute } from './messages.ts';
import { createLoginRoute, createRefreshRoute, createRegisterRoute, createVerifyRoute } from './node-auth.ts';
import {
  createGetNodeRoute,
  createHeartbeatRoute,
  createListNodesRoute,
  createUpdateNodeRoute,
} from './node-directory.ts';

const shape = answerNodeProblem;

/** Identity, directory and messages of the node network. */
export const NODE_ROUTES: readonly Route[] = [
  { methods: ['POST'], path: '/api/v1/auth/register', access: 'public', shape, create: createRegisterRoute },
  { methods: ['POST'], path: '/api/v1/auth/login', access: 'public', shape, create: createLoginRoute },
  { methods: ['POST'], path: '/api/v1/auth/verify', access: 'public', shape, create: createVerifyRoute },
  { methods: ['POST'], path: '/api/v1/auth/refresh', access: 'public', shape, create: createRefreshRoute },
  { methods: ['GET'], path: '/api/v1/nodes', access: 'nodes:read', shape, create: createListNodesRoute },
  { methods: ['GET'], path: '/api/v1/nodes/:id', access: 'nodes:read', shape, create: createGetNodeRoute },
  {
    methods: ['PUT'],
    path: '/api/v1/nodes/:id',
    access: 'nodes:write-own',
    shape,
    create: createUpdateNodeRoute,
  },
  {
    methods: ['POST'],
    path: '/api/v1/nodes/:id/heartbeat',
    access: 'nodes:write-own',
    shape,
    create: createHeartbeatRoute,
  },
  {
    methods: ['POST'],
    path: '/api/v1/messages/send',
    access: 'messages:send',
    shape,
    create: createSendMessageRoute,
  },
  {
    methods: ['GET'],
    path: '/api/v1/messages/pending/:node_id',
    access: 'messages:read-own',
    shape,
    create: createPendingRoute,
  },
  {
    methods: ['GET'],
    path: '/api/v1/messages/stream/:node_id',
    access: 'messages:read-own',
    shape,
    create: createMessageStreamRoute,
  },
  {
    methods: ['PUT'],
    path: '/api/v1/messages/:id/read',
    access: 'messages:read-own',
    shape,
    create: createMarkReadRoute,
  },
];

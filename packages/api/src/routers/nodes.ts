import * as z from 'zod';

import { listNodeMessages } from '../services/messages/list-for-operators.ts';
import { endNodeSignIns } from '../services/nodes/end-sign-ins.ts';
import { getNode } from '../services/nodes/get.ts';
import { recordHeartbeat } from '../services/nodes/heartbeat.ts';
import { listNodeChoices } from '../services/nodes/list-choices.ts';
import { listHeartbeats } from '../services/nodes/list-heartbeats.ts';
import { listNodeSignIns } from '../services/nodes/list-sign-ins.ts';
import { DISCOVERED, listNodes } from '../services/nodes/list.ts';
import { refreshNodeTokens } from '../services/nodes/refresh.ts';
import { registerNode } from '../services/nodes/register.ts';
import {
  createRegistrationToken,
  listRegistrationTokens,
  revokeRegistrationToken,
} from '../services/nodes/registration-tokens.ts';
import { requestChallenge } from '../services/nodes/request-challenge.ts';
import { revokeNode } from '../services/nodes/revoke.ts';
import { rotateNodeSigningKey } from '../services/nodes/rotate-signing-key.ts';
import { setNodeScopes } from '../services/nodes/set-scopes.ts';
import { summarizeRegions } from '../services/nodes/summarize-regions.ts';
import { updateNode } from '../services/nodes/update.ts';
import { verifyChallenge } from '../services/nodes/verify-challenge.ts';
import { procedure, publicProcedure, router, sensitiveProcedure } from '../trpc.ts';
import {
  createRegistrationTokenSchema,
  endNodeSignInsSchema,
  heartbeatListSchema,
  heartbeatSchema,
  listHeartbeatsSchema,
  listNodeMessagesSchema,
  listNodesSchema,
  nodeChoicesSchema,
  nodeDetailSchema,
  nodeFields,
  nodeIdSchema,
  nodeMessagesSchema,
  nodePageSchema,
  nodeSignInsSchema,
  regionsSchema,
  registerNodeSchema,
  registrationTokenIdSchema,
  registrationTokenSchema,
  revokeNodeSchema,
  setNodeScopesSchema,
  tokenPairSchema,
  updateNodeSchema,
  verifyChallengeSchema,
} from './nodes-schemas.ts';
import { iso } from './schemas.ts';

/** Who a machine is: open to whoever has a key of its own. */
const identity = {
  register: publicProcedure
    .input(registerNodeSchema)
    .output(z.object({ node: nodeDetailSchema, isNew: z.boolean() }))
    .mutation(({ ctx, input: { registrationToken = null, metadata = {}, ...input } }) =>
      registerNode(ctx, { ...input, metadata }, registrationToken),
    ),
  requestChallenge: publicProcedure
    .input(z.strictObject({ nodeId: nodeFields.id }))
    .output(z.object({ challenge: z.string(), expiresAt: iso }))
    .mutation(({ ctx, input }) => requestChallenge(ctx, input)),
  verifyChallenge: publicProcedure
    .input(verifyChallengeSchema)
    .output(tokenPairSchema)
    .mutation(({ ctx, input }) => verifyChallenge(ctx, input)),
  refreshTokens: publicProcedure
    .input(z.strictObject({ refreshToken: z.string().max(256) }))
    .output(tokenPairSchema)
    .mutation(({ ctx, input }) => refreshNodeTokens(ctx, input.refreshToken)),
};

const directory = {
  list: procedure('nodes:read')
    .input(listNodesSchema)
    .output(nodePageSchema)
    .query(({ ctx, input: { status, ...input } }) => {
      const everybody = ctx.actor.kind === 'node' ? DISCOVERED : undefined;
      return listNodes(ctx, { ...input, statuses: status === undefined ? everybody : [status] });
    }),
  get: procedure('nodes:read')
    .input(nodeIdSchema)
    .output(nodeDetailSchema)
    .query(({ ctx, input }) => getNode(ctx, input)),
  listHeartbeats: procedure('nodes:read')
    .input(listHeartbeatsSchema)
    .output(heartbeatListSchema)
    .query(({ ctx, input }) => listHeartbeats(ctx, input)),
  listChoices: procedure('nodes:read')
    .output(nodeChoicesSchema)
    .query(({ ctx }) => listNodeChoices(ctx)),
  summarizeRegions: procedure('nodes:read')
    .output(regionsSchema)
    .query(({ ctx }) => summarizeRegions(ctx)),
  update: procedure('nodes:write-own')
    .input(updateNodeSchema)
    .output(nodeDetailSchema)
    .mutation(({ ctx, input }) => updateNode(ctx, input)),
  heartbeat: procedure('nodes:write-own')
    .input(heartbeatSchema)
    .output(z.object({ serverTime: iso, nextHeartbeatIn: z.int() }))
    .mutation(({ ctx, input }) => recordHeartbeat(ctx, input)),
};

const operation = {
  listSignIns: procedure('nodes:read-all')
    .input(nodeIdSchema)
    .output(nodeSignInsSchema)
    .query(({ ctx, input }) => listNodeSignIns(ctx, input)),
  listMessages: procedure('nodes:read-all')
    .input(listNodeMessagesSchema)
    .output(nodeMessagesSchema)
    .query(({ ctx, input }) => listNodeMessages(ctx, input)),
  endSignIns: procedure('nodes:write')
    .input(endNodeSignInsSchema)
    .output(z.object({ endedAt: iso }))
    .mutation(({ ctx, input }) => endNodeSignIns(ctx, input)),
  revoke: procedure('nodes:write')
    .input(revokeNodeSchema)
    .output(z.object({ id: z.string(), revokedAt: iso }))
    .mutation(({ ctx, input }) => revokeNode(ctx, input)),
  setScopes: sensitiveProcedure('nodes:write')
    .input(setNodeScopesSchema)
    .output(nodeDetailSchema)
    .mutation(({ ctx, input }) => setNodeScopes(ctx, input)),
  rotateSigningKey: procedure('nodes:write')
    .output(z.object({ kid: z.string() }))
    .mutation(({ ctx }) => rotateNodeSigningKey(ctx)),
  listRegistrationTokens: procedure('nodes:write')
    .output(z.object({ items: z.array(registrationTokenSchema) }))
    .query(({ ctx }) => listRegistrationTokens(ctx)),
  createRegistrationToken: sensitiveProcedure('nodes:write')
    .input(createRegistrationTokenSchema)
    .output(z.object({ registrationToken: registrationTokenSchema, secret: z.string() }))
    .mutation(({ ctx, input }) => createRegistrationToken(ctx, input)),
  revokeRegistrationToken: procedure('nodes:write')
    .input(registrationTokenIdSchema)
    .output(z.object({ registrationToken: registrationTokenSchema }))
    .mutation(({ ctx, input }) => revokeRegistrationToken(ctx, input)),
};

export const nodesRouter = router({ ...identity, ...directory, ...operation });

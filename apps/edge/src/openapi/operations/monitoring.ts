import { healthSchema } from '@ephemera/api';
import * as z from 'zod';

import { METRICS_TYPES } from '../../routes/metrics-format.ts';
import type { Answer, Operations } from '../operation.ts';

const check = z.enum(['ok', 'failed']);
const readiness = {
  name: 'Readiness',
  schema: z.strictObject({
    status: z.enum(['ready', 'not_ready']),
    checks: z.strictObject({ database: check, migrations: check, keyring: check }),
  }),
};
const health = { name: 'Health', schema: healthSchema };

const metrics: Answer = {
  description: 'As the `Accept` header asks for.',
  body: {
    text: '# HELP broker_nodes Nodes of the network.\n# TYPE broker_nodes gauge\nbroker_nodes{status="reachable"} 2\n',
  },
  contentTypes: Object.values(METRICS_TYPES),
};

export const MONITORING_OPERATIONS: Operations = {
  'GET /api/v1/health': {
    id: 'getHealth',
    tag: 'Operations',
    summary: 'How this deployment does',
    description: 'Open to everybody; it says which part does not do, not why.',
    answers: {
      200: { description: 'It serves, though maybe not everything.', body: health },
      503: { description: 'It is down.', body: health },
    },
  },
  'GET /api/v1/metrics': {
    id: 'getNetworkMetrics',
    tag: 'Operations',
    summary: 'Metrics, for nodes and operators too',
    security: [{ metricsToken: [] }, { nodeToken: ['metrics:read'] }, { userToken: ['metrics:read'] }],
    answers: { 200: metrics },
    errors: ['forbidden', 'insufficient_scope', 'token_expired'],
  },
  'GET /metrics': {
    id: 'getMetrics',
    tag: 'Operations',
    summary: 'Metrics, for a scraper',
    answers: { 200: metrics },
    errors: ['not_found'],
  },
  'GET /healthz': {
    id: 'getLiveness',
    tag: 'Operations',
    summary: 'The process answers',
    answers: {
      200: {
        description: 'Nothing else was asked.',
        body: { name: 'Liveness', schema: z.strictObject({ status: z.literal('ok') }) },
      },
    },
  },
  'GET /readyz': {
    id: 'getReadiness',
    tag: 'Operations',
    summary: 'This instance can serve',
    answers: {
      200: { description: 'It can.', body: readiness },
      503: { description: 'It cannot, and which check failed.', body: readiness },
    },
  },
  'GET /.well-known/jwks.json': {
    id: 'getKeys',
    tag: 'Operations',
    summary: 'Keys to verify tokens of people and of nodes with',
    answers: {
      200: {
        description: 'With those that sign no more, until their last token has expired.',
        body: {
          name: 'KeySet',
          schema: z.strictObject({
            keys: z.array(z.looseObject({ kty: z.string(), kid: z.string(), alg: z.string().optional() })),
          }),
        },
        headers: ['cache-control'],
      },
    },
  },
};

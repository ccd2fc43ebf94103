import { useReportSchema, useReportsSchema } from '@ephemera/api';
import * as z from 'zod';

import type { Operations } from '../operation.ts';

const serviceKeySchema = z.strictObject({
  id: z.string(),
  provider: z.string(),
  name: z.string(),
  key: z.string(),
  usageCount: z.int(),
  errorCount: z.int(),
});

export const PROVIDER_KEY_OPERATIONS: Operations = {
  'GET /api/internal/api-keys': {
    id: 'listServiceKeys',
    tag: 'Provider keys',
    summary: 'The provider keys that can be used now, the best first',
    description: 'A bare array. Every read is audited, without the keys.',
    query: z.object({ provider: z.string().max(64).optional() }),
    answers: {
      200: {
        description: 'Active keys only.',
        body: { name: 'ServiceKeys', schema: z.array(serviceKeySchema) },
      },
    },
    errors: ['forbidden', 'rate_limited', 'unavailable'],
    fields: { provider: 'Of one provider; without it, of all.' },
  },
  'POST /api/internal/api-keys': {
    id: 'reportKeyUses',
    tag: 'Provider keys',
    summary: 'Report how it went with a key',
    description: 'Once, or many as `reports`. A report with an `idempotencyKey` counts once.',
    body: {
      name: 'KeyUseReport',
      schema: z.union([useReportSchema, useReportsSchema]),
      example: { reports: [{ keyId: 'pkey_1', success: true, idempotencyKey: 'job-1' }] },
    },
    answers: {
      200: {
        description: 'Counted.',
        body: {
          name: 'KeyUseReceipt',
          schema: z.strictObject({
            success: z.literal(true),
            counted: z.int().optional(),
            duplicates: z.int().optional(),
            unknown: z.array(z.string()).optional(),
          }),
        },
      },
    },
    errors: ['not_found', 'rate_limited', 'unavailable'],
  },
};

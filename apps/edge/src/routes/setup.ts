import {
  type ApiDependencies,
  completeSetup,
  createServiceContext,
  isSetUp,
  setupSchema,
} from '@ephemera/api';

import { answerJson, type EdgeContext } from '../http/edge-context.ts';
import { readJsonBody } from '../http/read-body.ts';
import { readRemoteNetwork } from '../http/remote-address.ts';
import { toInvalidRequest } from '../http/zod-problem.ts';
import { requestInfo } from './route-dependencies.ts';

export type SetupDependencies = {
  api: ApiDependencies;
  /** Proves that whoever makes the first owner runs this deployment; null: nobody can. */
  bootstrapToken: string | null;
};

const BODY_RULES = { maxBytes: 16_384, contentTypes: ['application/json'] } as const;

/** `GET /api/setup`: whether there is an owner. */
export function createSetupStateRoute({ api }: SetupDependencies) {
  return async (c: EdgeContext): Promise<Response> => answerJson(c, { isDone: await isSetUp(api.database) });
}

/** `POST /api/setup`: makes the first owner, once. */
export function createSetupRoute({ api, bootstrapToken }: SetupDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const parsed = setupSchema.safeParse(await readJsonBody(c, BODY_RULES));
    if (!parsed.success) throw toInvalidRequest(parsed.error);
    const network = readRemoteNetwork(c);
    const ctx = createServiceContext(api, requestInfo(c, { kind: 'anonymous' }));
    const terms = { address: network?.subject ?? 'unknown', expectedToken: bootstrapToken };
    return answerJson(c, await completeSetup(ctx, parsed.data, terms), { status: 201 });
  };
}

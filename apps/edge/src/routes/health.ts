import { type ApiDependencies, type FindUnready, getHealth, type ReadinessCheck } from '@ephemera/api';

import { answerJson, type EdgeContext } from '../http/edge-context.ts';

/** The process answers; nothing else is asked. */
export function answerHealth(c: EdgeContext): Promise<Response> {
  return Promise.resolve(answerJson(c, { status: 'ok' }));
}

/** Whether this instance can serve: says which check failed, not why. */
export function createReadinessRoute(findUnready: FindUnready) {
  return async (c: EdgeContext): Promise<Response> => {
    const unready = await findUnready();
    const outcome = (check: ReadinessCheck): string => (unready.includes(check) ? 'failed' : 'ok');
    return answerJson(
      c,
      {
        status: unready.length === 0 ? 'ready' : 'not_ready',
        checks: {
          database: outcome('database'),
          migrations: outcome('migrations'),
          keyring: outcome('keyring'),
        },
      },
      { status: unready.length === 0 ? 200 : 503 },
    );
  };
}

/** `GET /api/v1/health`: how this deployment does, for whoever balances or watches. */
export function createNetworkHealthRoute({ api }: { api: ApiDependencies }) {
  return async (c: EdgeContext): Promise<Response> => {
    const health = await getHealth(api);
    return answerJson(c, health, { status: health.status === 'down' ? 503 : 200 });
  };
}

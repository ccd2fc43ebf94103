import { createServiceContext, listModels } from '@ephemera/api';

import { authenticate } from '../http/authenticate.ts';
import { answerJson, type EdgeContext } from '../http/edge-context.ts';
import { requestInfo, type RouteDependencies } from './route-dependencies.ts';

/** `GET /v1/models`: the models that the caller may mint for, in the provider's shape and with what is known of them. */
export function createModelsRoute({ api, actors }: RouteDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const actor = await authenticate(c, actors);
    const { models } = await listModels(createServiceContext(api, requestInfo(c, actor)));
    return answerJson(c, {
      object: 'list',
      data: models.map(({ id, kind, isDefault, voices, shutdownAt, replacement }) => ({
        id,
        object: 'model',
        created: 0,
        owned_by: 'openai',
        kind,
        is_default: isDefault,
        voices,
        shutdown_at: shutdownAt,
        replacement,
      })),
    });
  };
}

import * as z from 'zod';

import type { Actor, ServiceContext } from '../../context.ts';
import { DEFAULT_MODEL, isShutDown, MODELS } from '../../models/registry.ts';
import type { ModelEntry, ModelPrices } from '../../models/registry.ts';
import { findPrices } from '../../pricing/find-prices.ts';
import { ownerIdOf, requireScope } from '../../auth/scopes.ts';

type ListedModel = Pick<ModelEntry, 'id' | 'kind' | 'shutdownAt' | 'replacement'> & {
  /** Those of today. */
  prices: ModelPrices | null;
  isDefault: boolean;
  voices: string[];
};

export type ModelList = { defaultModel: string; models: ListedModel[] };

const POLICY_SQL = 'select allowed_models from user_policies where user_id = ?1';
const allowedSchema = z.array(z.string());

/** Those that the caller is limited to; null: to none. */
async function findAllowed({ database }: ServiceContext, actor: Actor): Promise<readonly string[] | null> {
  if (actor.kind === 'access_key') return actor.allowedModels;
  const [policy] = await database.read(POLICY_SQL, [ownerIdOf(actor)]);
  const text = policy?.['allowed_models'];
  return typeof text === 'string' ? allowedSchema.parse(JSON.parse(text)) : null;
}

/** The models that the caller can mint for today. */
export async function listModels(ctx: ServiceContext): Promise<ModelList> {
  const actor = requireScope(ctx, 'models:read');
  const now = ctx.clock.now();
  const allowed = await findAllowed(ctx, actor);
  const isOffered = (model: ModelEntry): boolean =>
    !isShutDown(model, now) && (allowed === null || allowed.includes(model.id));
  const models = MODELS.filter(isOffered).map((model) => ({
    id: model.id,
    kind: model.kind,
    isDefault: DEFAULT_MODEL[model.kind] === model.id,
    voices: [...model.voices],
    shutdownAt: model.shutdownAt,
    replacement: model.replacement,
    prices: findPrices(model.id, now)?.prices ?? null,
  }));
  return { defaultModel: DEFAULT_MODEL.realtime, models };
}

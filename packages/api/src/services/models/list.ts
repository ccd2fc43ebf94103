import type { ServiceContext } from '../../context.ts';
import { DEFAULT_MODEL, isShutDown, MODELS } from '../../models/registry.ts';
import type { ModelEntry, ModelPrices } from '../../models/registry.ts';
import { findPrices } from '../../pricing/find-prices.ts';
import { requireScope } from '../../auth/scopes.ts';

type ListedModel = Pick<ModelEntry, 'id' | 'kind' | 'shutdownAt' | 'replacement'> & {
  /** Those of today. */
  prices: ModelPrices | null;
  isDefault: boolean;
  voices: string[];
};

export type ModelList = { defaultModel: string; models: ListedModel[] };

/** The models that the caller can mint for today. */
export function listModels(ctx: ServiceContext): ModelList {
  const actor = requireScope(ctx, 'models:read');
  const now = ctx.clock.now();
  const isAllowed = ({ id }: ModelEntry): boolean =>
    actor.kind !== 'access_key' || (actor.allowedModels?.includes(id) ?? true);
  const models = MODELS.filter((model) => !isShutDown(model, now) && isAllowed(model)).map((model) => ({
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

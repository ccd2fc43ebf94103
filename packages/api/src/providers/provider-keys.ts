import { AppError } from '../errors.ts';

/** A long-lived secret of ours at a provider. `id` may be logged, `secret` never. */
export type ProviderKey = { id: string; secret: string };

/** Where a mint gets its provider key. Throws `no_healthy_provider_key` when there is none. */
export interface ProviderKeySource {
  acquire: () => Promise<ProviderKey>;
}

/** One key, from the environment. */
export function createEnvironmentKeySource(apiKey: string | undefined): ProviderKeySource {
  return {
    acquire: () =>
      apiKey === undefined || apiKey === ''
        ? Promise.reject(new AppError('no_healthy_provider_key', 'No provider key is configured.'))
        : Promise.resolve({ id: 'environment', secret: apiKey }),
  };
}

/** A long-lived secret of ours at a provider. `id` may be logged, `secret` never. */
export type ProviderKey = { id: string; secret: string; source: 'stored' | 'environment' };

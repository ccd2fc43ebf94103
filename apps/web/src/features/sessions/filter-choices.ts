import { useQuery } from '@tanstack/solid-query';

import { useApi } from '../../api/context.tsx';
import { findData } from '../../api/find-data.ts';
import type { FilterOption } from '../../ui/filters.tsx';
import { useCan } from '../shell/viewer.ts';

const FIVE_MINUTES = 300_000;

function toOption({ id, name }: { id: string; name: string }): FilterOption {
  return { value: id, label: name };
}

/** What the filters can be set to: asked for when somebody wants to set one, or when one needs its name. */
export function createFilterChoices(isWanted: () => boolean) {
  const { trpc } = useApi();
  const can = useCan();
  const options = (isAllowed: boolean) => ({ enabled: isWanted() && isAllowed, staleTime: FIVE_MINUTES });
  const models = useQuery(() => ({ ...trpc.models.list.queryOptions(), ...options(can('models:read')) }));
  const accessKeys = useQuery(() => ({
    ...trpc.accessKeys.list.queryOptions(),
    ...options(can('access-keys:read')),
  }));
  const providerKeys = useQuery(() => ({ ...trpc.keys.list.queryOptions(), ...options(can('keys:read')) }));
  return {
    models: (): FilterOption[] => findData(models)?.models.map(({ id }) => ({ value: id, label: id })) ?? [],
    accessKeys: (): FilterOption[] => findData(accessKeys)?.items.map(toOption) ?? [],
    providerKeys: (): FilterOption[] => findData(providerKeys)?.items.map(toOption) ?? [],
  };
}

export type FilterChoices = ReturnType<typeof createFilterChoices>;

/** One that is filtered by but not offered (any more) stays to be seen. */
export function withCurrent(options: readonly FilterOption[], value: string): FilterOption[] {
  const isKnown = value === '' || options.some((option) => option.value === value);
  return isKnown ? [...options] : [...options, { value, label: value }];
}

export function nameOf(options: readonly FilterOption[], value: string): string {
  return options.find((option) => option.value === value)?.label ?? value;
}

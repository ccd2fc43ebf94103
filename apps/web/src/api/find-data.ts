type QueryFacts<T> = {
  readonly data: T | undefined;
  readonly dataUpdatedAt: number;
  readonly isPlaceholderData: boolean;
};

/**
 * The data of a query, if there is any. Reading `data` before that would suspend the whole page, where a region of it
 * should show that it is loading.
 */
export function findData<T>(query: QueryFacts<T>): T | undefined {
  return query.dataUpdatedAt > 0 || query.isPlaceholderData ? query.data : undefined;
}

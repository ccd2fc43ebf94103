import { getUntypedClient } from '@trpc/client';
import type { TRPCClient } from '@trpc/client';
import { createTRPCRecursiveProxy } from '@trpc/server';
import type {
  AnyTRPCMutationProcedure,
  AnyTRPCQueryProcedure,
  AnyTRPCRouter,
  inferProcedureInput,
  inferTransformedProcedureOutput,
  TRPCRouterRecord,
} from '@trpc/server';

type PathKey = readonly [readonly string[]];
type QueryKey = readonly [readonly string[], { input?: unknown; type: 'query' }?];

type QueryProxy<TRoot, TProcedure extends AnyTRPCQueryProcedure> = {
  queryOptions(input: inferProcedureInput<TProcedure>): {
    queryKey: QueryKey;
    queryFn(context: { signal: AbortSignal }): Promise<Output<TRoot, TProcedure>>;
  };
  queryKey(input?: inferProcedureInput<TProcedure>): QueryKey;
};

type MutationProxy<TRoot, TProcedure extends AnyTRPCMutationProcedure> = {
  mutationOptions(): {
    mutationKey: PathKey;
    mutationFn(input: inferProcedureInput<TProcedure>): Promise<Output<TRoot, TProcedure>>;
  };
};

type Output<
  TRoot,
  TProcedure extends AnyTRPCQueryProcedure | AnyTRPCMutationProcedure,
> = TRoot extends AnyTRPCRouter
  ? inferTransformedProcedureOutput<TRoot['_def']['_config']['$types'], TProcedure>
  : never;

type RecordProxy<TRoot, TRecord extends TRPCRouterRecord> = {
  [K in keyof TRecord]: TRecord[K] extends AnyTRPCQueryProcedure
    ? QueryProxy<TRoot, TRecord[K]>
    : TRecord[K] extends AnyTRPCMutationProcedure
      ? MutationProxy<TRoot, TRecord[K]>
      : TRecord[K] extends TRPCRouterRecord
        ? RecordProxy<TRoot, TRecord[K]> & { pathKey(): PathKey }
        : never;
};

export type TrpcOptions<TRouter extends AnyTRPCRouter> = RecordProxy<TRouter, TRouter['_def']['record']>;

/**
 * Options for solid-query from a tRPC client: `useQuery(() => trpc.sessions.list.queryOptions({…}))`. The keys have the
 * layout of `@trpc/tanstack-react-query`, so that an official adapter can take its place.
 */
export function createTrpcOptions<TRouter extends AnyTRPCRouter>(
  client: TRPCClient<TRouter>,
): TrpcOptions<TRouter> {
  const untyped = getUntypedClient(client);
  const build = ({ path, args }: { path: readonly string[]; args: readonly unknown[] }): unknown => {
    const procedure = path.slice(0, -1);
    const name = procedure.join('.');
    const [input] = args;
    const queryKey = [procedure, { ...(input === undefined ? {} : { input }), type: 'query' }];
    switch (path.at(-1) ?? '') {
      case 'queryOptions':
        return {
          queryKey,
          queryFn: ({ signal }: { signal: AbortSignal }) => untyped.query(name, input, { signal }),
        };
      case 'queryKey':
        return queryKey;
      case 'mutationOptions':
        return { mutationKey: [procedure], mutationFn: (value: unknown) => untyped.mutation(name, value) };
      case 'pathKey':
        return [procedure];
      default:
        throw new TypeError(`Not an option builder: ${path.join('.')}`);
    }
  };
  return createTRPCRecursiveProxy<TrpcOptions<TRouter>>(build);
}

import { createTRPCClient, httpLink } from '@trpc/client';
import { initTRPC } from '@trpc/server';
import { test } from 'vitest';

import { createTrpcOptions } from './options-proxy.ts';

const t = initTRPC.create();
const takeNumber = (value: unknown): number => {
  if (typeof value === 'number') return value;
  throw new TypeError('Not a number');
};
const appRouter = t.router({
  counter: t.router({
    double: t.procedure.input(takeNumber).query(({ input }) => input * 2),
    set: t.procedure.input(takeNumber).mutation(({ input }) => input),
  }),
});

function createOptions(requests: string[]) {
  const client = createTRPCClient<typeof appRouter>({
    links: [
      httpLink({
        url: 'http://broker.test/trpc',
        fetch: async (input, init) => {
          requests.push(`${init?.method ?? 'GET'} ${new URL(new Request(input).url).pathname}`);
          return Response.json({ result: { data: 42 } });
        },
      }),
    ],
  });
  return createTrpcOptions(client);
}

test('a query’s key holds its path and input, as the official adapters lay it out', ({ expect }) => {
  const trpc = createOptions([]);
  expect(trpc.counter.double.queryOptions(21).queryKey).toEqual([
    ['counter', 'double'],
    { input: 21, type: 'query' },
  ]);
  expect(trpc.counter.double.queryKey()).toEqual([['counter', 'double'], { type: 'query' }]);
  expect(trpc.counter.pathKey()).toEqual([['counter']]);
});

test('its function asks the server', async ({ expect }) => {
  const requests: string[] = [];
  const options = createOptions(requests).counter.double.queryOptions(21);
  expect(await options.queryFn({ signal: new AbortController().signal })).toBe(42);
  expect(requests).toEqual(['GET /trpc/counter.double']);
});

test('a mutation posts', async ({ expect }) => {
  const requests: string[] = [];
  const options = createOptions(requests).counter.set.mutationOptions();
  expect(options.mutationKey).toEqual([['counter', 'set']]);
  await options.mutationFn(1);
  expect(requests).toEqual(['POST /trpc/counter.set']);
});

test('a wrong input or a mutation used as a query does not compile', ({ expect }) => {
  const trpc = createOptions([]);
  // @ts-expect-error -- a word is no number
  expect(trpc.counter.double.queryOptions('many').queryKey).toBeDefined();
  // @ts-expect-error -- a mutation has no query options
  expect(() => trpc.counter.set.queryOptions(1)).not.toThrow();
});

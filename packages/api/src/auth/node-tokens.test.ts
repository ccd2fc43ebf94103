import { expect, test } from 'vitest';

import { createTestApi } from '../../test/fixtures.ts';
import { ACCESS_TOKEN_SECONDS } from '../nodes/access-tokens.ts';
import { createActorResolver } from './actor-resolver.ts';

test('a node whose token has expired is told to refresh it, and an outage is named after nodes as well', async () => {
  await using api = await createTestApi();
  const { clock, dependencies } = api;
  const { nodes } = dependencies;
  let isDown = false;
  const book: typeof nodes.book = {
    ...nodes.book,
    find: (id) => (isDown ? Promise.reject(new Error('down')) : nodes.book.find(id)),
  };
  const resolver = createActorResolver({
    database: api.database,
    clock,
    issuer: nodes.issuer,
    audience: 'people',
    nodes: { ...nodes, book },
  });
  const token = await nodes.tokens.sign({ id: 'worker-1', scopes: [] });
  const refusal = { code: 'unauthenticated', message: 'The node token is not valid.' };
  await expect(resolver.fromToken(token)).rejects.toMatchObject(refusal);
  isDown = true;
  await expect(resolver.fromToken(token)).rejects.toMatchObject({
    code: 'unavailable',
    message: 'Node tokens cannot be checked at the moment.',
  });
  clock.advance((ACCESS_TOKEN_SECONDS + 31) * 1_000);
  await expect(resolver.fromToken(token)).rejects.toMatchObject({
    code: 'token_expired',
    message: 'The node token has expired: refresh it.',
  });
});

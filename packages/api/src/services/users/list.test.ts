import { expect, test } from 'vitest';

import { ADA, createTestApi, OPERATOR } from '../../../test/fixtures.ts';
import { createToken } from '../tokens/create.ts';
import { listUsers } from './list.ts';

const IDS = ['a', 'b%_', 'ß 😀', "o'neill", 'x.y'];

test('security 65: pages lead through everybody by opaque cursors, and one that was tampered with is refused', async () => {
  await using api = await createTestApi();
  for (const id of IDS) await createToken(api.as({ ...ADA, id }), {});
  const operator = api.as(OPERATOR);
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listUsers(operator, { limit: 1, cursor });
    found.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(found).toEqual(IDS.toSorted());

  const genuine = (await listUsers(operator, { limit: 2 })).nextCursor ?? '';
  expect(genuine).not.toContain(found[1]);
  const flipped = Array.from(genuine, (character, at) =>
    [genuine.slice(0, at), character === 'A' ? 'B' : 'A', genuine.slice(at + 1)].join(''),
  );
  for (const forged of [
    ...flipped,
    found[1] ?? '',
    `${genuine}A`,
    genuine.slice(1),
    'a'.repeat(2_000),
    '.',
  ]) {
    await expect(listUsers(operator, { cursor: forged })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  }
});

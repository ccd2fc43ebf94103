import { createNodeDatabase } from '@ephemera/db/node';
import { createWebDatabase } from '@ephemera/db/web';
import { test } from 'vitest';

import { startSqld } from './sqld.ts';

const INSERT =
  "insert into verifications (id, identifier, value, expires_at, created_at, updated_at) values (?1, 'i', ?2, 0, 0, 0)";
const insert = (id: string, value: string | null = 'v') => ({ sql: INSERT, args: [id, value] });

test('a real server: migrations, group commit with one refused statement, and the Workers client', async ({
  expect,
}) => {
  await using server = await startSqld();
  const node = await createNodeDatabase({ url: server.url });
  await node.migrate();
  await node.migrate();
  const outcomes = await Promise.allSettled([
    ...Array.from({ length: 40 }, (_, index) => node.write(insert(`n${index}`))),
    node.write(insert('n0')),
    node.write({ sql: `${INSERT} returning id`, args: ['last', 'v'] }),
  ]);
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
  expect(outcomes.at(-1)).toMatchObject({ value: { rows: [{ id: 'last' }] } });

  const web = createWebDatabase({ url: server.url });
  expect(await web.write({ sql: `${INSERT} returning id`, args: ['w', 'v'] })).toMatchObject({
    rows: [{ id: 'w' }],
  });
  await expect(web.write(insert('w'))).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT' });
  expect(await web.read('select count(*) as stored from verifications')).toMatchObject([{ stored: 42 }]);
  await web.close();
  await node.close();
});

import type { Database } from '@ephemera/db';
import { test } from 'vitest';

import { expectCountersToEqualRows } from '../../../test/admission.ts';
import { ADA, createTestApi, OPERATOR } from '../../../test/fixtures.ts';
import { setBudget } from '../budgets/set.ts';
import { createTokenOnce } from './create-once.ts';
import { createToken } from './create.ts';

const SCHEDULES = 1_000;

/** A linear congruential generator: the same schedules each time. */
function createDice(): (most: number) => number {
  let state = 20_261_122;
  return (most) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((state / 4_294_967_296) * most);
  };
}

test(`fault 12: ${SCHEDULES} random schedules of retries: one secret, one row, one charge each`, async ({
  expect,
}) => {
  await using api = await createTestApi();
  const roll = createDice();
  for (let schedule = 0; schedule < SCHEDULES; schedule += 1) {
    const order = { idempotencyKey: `order-${schedule}`, ttlSeconds: 60 };
    const secrets = new Set<string>();
    const attempt = async (): Promise<void> => {
      try {
        const { token } = await createTokenOnce(api.as(ADA), order);
        secrets.add(token.secret.value);
      } catch (error) {
        // Under way: the client comes again.
        expect(error).toMatchObject({ code: 'idempotency_conflict' });
      }
    };
    for (let burst = 0; burst < 1 + roll(3); burst += 1) {
      await Promise.all(Array.from({ length: 1 + roll(4) }, attempt));
      api.clock.advance(roll(500));
    }
    await attempt();
    expect(secrets.size).toBe(1);
  }
  expect(api.upstream.requests).toHaveLength(SCHEDULES);
  const [row] = await api.database.read('select count(*) as n from sessions');
  expect(row).toEqual({ n: SCHEDULES });
  await expectCountersToEqualRows(api, expect);
});

/** Counts what is asked of the database in a caller's way. */
function countCalls(database: Database) {
  const calls: string[] = [];
  const counted: Database = {
    orm: database.orm,
    write: (statement) => {
      calls.push('write');
      return database.write(statement);
    },
    writeAll: (unit) => {
      calls.push('writeAll');
      return database.writeAll(unit);
    },
    read: (sql, args) => {
      calls.push('read');
      return database.read(sql, args);
    },
    lossAgoMs: database.lossAgoMs,
    close: () => database.close(),
  };
  return { counted, calls };
}

test('fault 10: with limits and budgets set, a mint asks the database twice: before the provider and after it', async ({
  expect,
}) => {
  await using api = await createTestApi();
  await createToken(api.as(ADA), {});
  const budget = { limitMicroUsd: 10 ** 12, period: 'monthly', timeZone: 'UTC', action: 'block' } as const;
  await setBudget(api.as(OPERATOR), { scope: 'project', subject: '', ...budget });
  await setBudget(api.as(OPERATOR), { scope: 'user', subject: ADA.id, ...budget });
  await createToken(api.as(ADA), {});
  const { counted, calls } = countCalls(api.database);

  await createToken({ ...api.as(ADA), database: counted, address: '192.0.2.7' }, {});

  expect(calls).toEqual(['writeAll', 'write']);
});

import { sessions } from '@ephemera/db';
import { test } from 'vitest';

import type { TestApi } from '../../../test/fixtures.ts';
import { ADA, BOB, createTestApi, NOBODY, OPERATOR } from '../../../test/fixtures.ts';
import { createToken } from '../tokens/create.ts';
import { endSession } from './end.ts';
import { getSession } from './get.ts';
import { listSessions } from './list.ts';

async function mintMany(api: TestApi, actor: typeof ADA, many: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < many; index += 1) {
    ids.push((await createToken(api.as(actor), {})).sessionId);
    api.clock.advance(1_000);
  }
  return ids;
}

test("pages through a user's own sessions, newest first, each once", async ({ expect }) => {
  await using api = await createTestApi();
  const ids = await mintMany(api, ADA, 7);
  await mintMany(api, BOB, 2);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listSessions(api.as(ADA), { limit: 3, cursor });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(ids.toReversed());
});

test("an operator sees everybody's", async ({ expect }) => {
  await using api = await createTestApi();
  await mintMany(api, ADA, 2);
  await mintMany(api, BOB, 1);
  const { items, nextCursor } = await listSessions(api.as(OPERATOR), {});
  expect(items.map(({ userId }) => userId)).toEqual([BOB.id, ADA.id, ADA.id]);
  expect(nextCursor).toBeNull();
});

test('filters by state', async ({ expect }) => {
  await using api = await createTestApi();
  const [first] = await mintMany(api, ADA, 3);
  await endSession(api.as(ADA), { sessionId: first ?? '', duration: 1, messageCount: 1, endedBy: 'user' });
  const count = async (state: 'issued' | 'ended' | 'failed'): Promise<number> =>
    (await listSessions(api.as(OPERATOR), { state })).items.length;
  expect([await count('issued'), await count('ended'), await count('failed')]).toEqual([2, 1, 0]);
});

test("another's cursor shows one's own rows only, and a forged one is refused", async ({ expect }) => {
  await using api = await createTestApi();
  await mintMany(api, BOB, 1);
  await mintMany(api, ADA, 3);
  const { nextCursor } = await listSessions(api.as(ADA), { limit: 1 });
  const page = await listSessions(api.as(BOB), { cursor: nextCursor ?? undefined });
  expect(page.items.map(({ userId }) => userId)).toEqual([BOB.id]);
  const forged = [
    'x',
    '%%%',
    btoa("after.' or 1=1 --"),
    btoa('after.'),
    `${nextCursor}AA`,
    btoa('ses_00000000000000000000000000'),
  ];
  for (const cursor of forged) {
    await expect(listSessions(api.as(ADA), { cursor }), cursor).rejects.toMatchObject({
      code: 'invalid_request',
    });
  }
});

test('both lists and the filter by state read along an index', async ({ expect }) => {
  await using api = await createTestApi();
  const plan = async (where: string): Promise<string> =>
    JSON.stringify(
      await api.database.read(
        `explain query plan select id from sessions where ${where} order by id desc limit 26`,
      ),
    );
  expect(await plan("user_id = 'u' and id < 'x'")).toContain('sessions_user_id_id');
  expect(await plan("state = 'failed' and state not in ('admitted', 'issued') and id < 'x'")).toContain(
    'sessions_state_id',
  );
  const running = "state = 'connected' and state not in ('admitted', 'issued') and deadline_at > 1";
  expect(await plan(running)).toContain('sessions_state_id (state=?)');
  for (const where of [
    "user_id = 'u'",
    "state = 'failed' and state not in ('admitted', 'issued')",
    "id < 'x'",
    running,
  ]) {
    expect(await plan(where), where).not.toContain('TEMP B-TREE');
  }
});

test('nobody sees nothing', async ({ expect }) => {
  await using api = await createTestApi();
  await expect(listSessions(api.as(NOBODY), {})).rejects.toMatchObject({ code: 'unauthenticated' });
});

test('a session in full: to its owner, to an operator, to nobody else', async ({ expect }) => {
  await using api = await createTestApi();
  const { sessionId } = await createToken(api.as(ADA, 'req_7'), {});
  const detail = await getSession(api.as(ADA), { id: sessionId });
  expect(detail).toMatchObject({
    id: sessionId,
    providerSessionId: 'sess_1',
    requestId: 'req_7',
    usage: null,
    steps: [],
    attempts: [{ status: 200, code: null, durationMs: 0 }],
    mintMs: 0,
    isDurationDisputed: false,
  });
  const [attempt] = detail.attempts;
  // Which key it was is for operators alone.
  expect(await getSession(api.as(OPERATOR), { id: sessionId })).toEqual({
    ...detail,
    attempts: [{ ...attempt, keyId: expect.stringMatching(/^pkey_env_/) }],
  });
  const unknown: unknown = await getSession(api.as(BOB), { id: 'ses_none' }).catch((error: unknown) => error);
  await expect(getSession(api.as(BOB), { id: sessionId })).rejects.toEqual(unknown);
  await expect(getSession(api.as(BOB), { id: 'sess_1' })).rejects.toEqual(unknown);
});

test('demo rows say so', async ({ expect }) => {
  await using api = await createTestApi();
  await createToken(api.as(ADA), {});
  await api.database.orm.update(sessions).set({ isDemo: true });
  expect((await listSessions(api.as(ADA), {})).items).toMatchObject([{ isDemo: true }]);
});

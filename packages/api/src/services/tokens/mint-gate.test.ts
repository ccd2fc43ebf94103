import { expect, test } from 'vitest';

import { mintAtOnce } from '../../../test/admission.ts';
import { createTestApi, createTestClock } from '../../../test/fixtures.ts';
import { createMintGate } from './mint-gate.ts';

test('fault 19: beyond so many mints under way the others get 503 at once, and each end makes room', async () => {
  const clock = createTestClock();
  await using api = await createTestApi({ clock, mintGate: createMintGate(3, clock) });
  const unanswered = Promise.withResolvers<void>();
  const hang = async () => {
    await unanswered.promise;
    return { status: 400, body: {} };
  };
  api.upstream.answer(hang, hang, hang);
  const held = mintAtOnce(api, 3);

  expect(await mintAtOnce(api, 5)).toEqual({ unavailable: 5 });
  unanswered.resolve();
  // Failed ones make room too.
  expect(await held).toEqual({ upstream_rejected: 3 });
  expect(await mintAtOnce(api, 4)).toEqual({ ok: 3, unavailable: 1 });
  const [row] = await api.database.read('select count(*) as n from sessions');
  expect(row).toEqual({ n: 6 });
});

test('who is sent away hears when to come again; a mint that was cut off is not waited for forever', async () => {
  const clock = createTestClock();
  const gate = createMintGate(1, clock);
  void gate.run(() => new Promise<never>(() => undefined));
  clock.advance(60_000);
  await expect(gate.run(() => Promise.resolve())).rejects.toMatchObject({
    httpStatus: 503,
    details: { retryAfterSeconds: 1 },
  });
  clock.advance(1);
  expect(await gate.run(() => Promise.resolve('done'))).toBe('done');
});

// The books balance after anything: random sequences of what callers, clients, clocks and operators do.
import { test } from 'vitest';

import { expectCountersToEqualRows, KEY } from '../../../test/admission.ts';
import type { TestApi } from '../../../test/fixtures.ts';
import { ADA, BOB, createTestApi, OPERATOR } from '../../../test/fixtures.ts';
import type { Actor } from '../../context.ts';
import type { Budget } from '../../limits/limits.ts';
import { removeBudget } from '../budgets/remove.ts';
import { setBudget } from '../budgets/set.ts';
import { endSession } from '../sessions/end.ts';
import { heartbeat } from '../sessions/heartbeat.ts';
import { listSessions } from '../sessions/list.ts';
import { reportConnected } from '../sessions/report-connected.ts';
import { reportUsage } from '../usage/report.ts';
import { createToken } from './create.ts';

const SEEDS = [1, 7, 42, 20_261_122];
const STEPS = 150;

/** Mulberry32: the same sequence for the same seed. */
function createDice(seed: number) {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    below: (most: number): number => Math.floor(next() * most),
    oneOf: <Item>(items: readonly Item[], otherwise: Item): Item =>
      items[Math.floor(next() * items.length)] ?? otherwise,
  };
}

type Dice = ReturnType<typeof createDice>;
type Target = Pick<Budget, 'scope' | 'subject'>;
type Minted = { actor: Actor; sessionId: string };
type World = { api: TestApi; dice: Dice; minted: Minted[]; steps: string[] };

const NOTHING: Minted = { actor: ADA, sessionId: 'ses_00000000000000000000000000' };
const BUDGET = { period: 'daily', timeZone: 'America/New_York', action: 'block' } as const;
const PROJECT: Target = { scope: 'project', subject: '' };
const TARGETS: readonly Target[] = [
  PROJECT,
  { scope: 'default_user', subject: '' },
  { scope: 'user', subject: ADA.id },
];

async function mint({ api, dice, minted }: World): Promise<void> {
  const actor = dice.oneOf<Actor>([ADA, BOB, KEY], ADA);
  if (dice.below(5) === 0) api.upstream.answer(() => ({ status: 400, body: { error: { code: 'x' } } }));
  const userId = dice.below(2) === 0 ? 'guest' : undefined;
  const model = dice.oneOf(['gpt-realtime-2.1', 'gpt-realtime-2.1-mini'], 'gpt-realtime-2.1');
  const { sessionId } = await createToken(api.as(actor), { userId, session: { type: 'realtime', model } });
  minted.push({ actor, sessionId });
}

async function connect({ api, dice, minted }: World): Promise<void> {
  const { actor, sessionId } = dice.oneOf(minted, NOTHING);
  await reportConnected(api.as(actor), { sessionId, transport: 'webrtc' });
}

async function beat({ api, dice, minted }: World): Promise<void> {
  const { actor, sessionId } = dice.oneOf(minted, NOTHING);
  await heartbeat(api.as(actor), { sessionId });
}

async function use({ api, dice, minted }: World): Promise<void> {
  const { actor, sessionId } = dice.oneOf(minted, NOTHING);
  const text = 10 + dice.below(1_000);
  const usage = {
    total_tokens: 2 * text,
    input_tokens: text,
    output_tokens: text,
    input_token_details: { text_tokens: text },
    output_token_details: { text_tokens: text },
  };
  const event = { eventId: `resp_${dice.below(6)}`, kind: 'response', usage } as const;
  await reportUsage(api.as(actor), { sessionId, events: [event] });
}

async function end({ api, dice, minted }: World): Promise<void> {
  const { actor, sessionId } = dice.oneOf(minted, NOTHING);
  const endedBy = dice.oneOf(['user', 'error', 'timeout'] as const, 'user');
  await endSession(api.as(actor), { sessionId, duration: dice.below(4_000), messageCount: 1, endedBy });
}

async function wait({ api, dice }: World): Promise<void> {
  api.clock.advance(dice.oneOf([1_000, 45_000, 61_000, 1_800_000, 5 * 3_600_000], 1_000));
  await Promise.resolve();
}

async function die({ api, dice, minted }: World): Promise<void> {
  const { sessionId } = dice.oneOf(minted, NOTHING);
  await api.database.write({
    sql: "update sessions set state = 'admitted', deadline_at = issued_at + 60000 where id = ?1 and state = 'issued'",
    args: [sessionId],
  });
}

async function look({ api }: World): Promise<void> {
  await listSessions(api.as(OPERATOR), { state: 'ended' });
}

async function budget({ api, dice }: World): Promise<void> {
  const target = dice.oneOf(TARGETS, PROJECT);
  if (dice.below(2) === 0) await removeBudget(api.as(OPERATOR), target);
  else await setBudget(api.as(OPERATOR), { ...target, ...BUDGET, limitMicroUsd: dice.below(60_000_000) });
}

const STEP_KINDS = [
  mint,
  mint,
  mint,
  mint,
  connect,
  connect,
  beat,
  use,
  use,
  use,
  end,
  end,
  wait,
  die,
  look,
  budget,
];

/** A step may be refused, in words of ours; it must not fail in any other way. */
const REFUSALS = new Set([
  'not_found',
  'conflict',
  'session_limit',
  'budget_exceeded',
  'rate_limited',
  'upstream_rejected',
]);

async function take(world: World): Promise<void> {
  const step = world.dice.oneOf(STEP_KINDS, wait);
  try {
    await step(world);
    world.steps.push(step.name);
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    if (!REFUSALS.has(code)) throw error;
    world.steps.push(`${step.name} (${code})`);
  }
}

for (const seed of SEEDS) {
  test(`seed ${seed}: ${STEPS} random steps leave counters that equal the rows`, async ({ expect }) => {
    await using api = await createTestApi({ limits: { maxOpenSessions: 6, mintsPerMinute: 30 } });
    const world: World = { api, dice: createDice(seed), minted: [], steps: [] };
    for (let step = 0; step < STEPS; step += 1) {
      await take(world);
      await expectCountersToEqualRows(api, expect);
    }
    api.clock.advance(24 * 3_600_000);
    await look(world);
    const open = await api.database.read(
      'select count(*) as n from allowances where open_sessions <> 0 or reserved_micro_usd <> 0',
    );
    expect(open, world.steps.join(', ')).toEqual([{ n: 0 }]);
    expect(world.minted.length).toBeGreaterThan(10);
  });
}

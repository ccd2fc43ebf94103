import { test } from 'vitest';

import {
  findAttentionHref,
  findSpend,
  findSuccessShare,
  listSteps,
  writeMintCommand,
} from './overview-figures.ts';

const sums = (knownMicroUsd: number, estimatedMicroUsd: number, unknownCosts: number) => ({
  knownMicroUsd,
  estimatedMicroUsd,
  unknownCosts,
});

test('success is a share of what was asked for, and nothing where nothing was', ({ expect }) => {
  expect(findSuccessShare(3, 1)).toBe(0.75);
  expect(findSuccessShare(0, 2)).toBe(0);
  expect(findSuccessShare(0, 0)).toBeNull();
});

test('the spend of today says how sure it is, and is never zero for unknown', ({ expect }) => {
  const overview = { spentTodayMicroUsd: 30 };
  expect(findSpend(overview, null)).toEqual({ microUsd: 30 });
  expect(findSpend(overview, sums(30, 0, 2))).toEqual({ microUsd: 30, status: 'known' });
  expect(findSpend(overview, sums(10, 20, 0))).toEqual({ microUsd: 30, status: 'estimated' });
  expect(findSpend(overview, sums(0, 0, 2))).toEqual({ microUsd: null });
  expect(findSpend(overview, sums(0, 0, 0))).toEqual({ microUsd: 0, status: 'known' });
});

test.for([
  [{ kind: 'no_healthy_key', target: null }, '/provider-keys'],
  [{ kind: 'provider_key_quarantined', target: 'pkey_1' }, '/provider-keys/pkey_1'],
  [{ kind: 'provider_key_exhausted', target: '../x' }, '/provider-keys/..%2Fx'],
  [{ kind: 'budget_low', target: null }, '/budgets'],
  [{ kind: 'access_key_expires', target: 'key_1' }, '/access-keys/key_1'],
  [{ kind: 'access_key_budget_low', target: 'key_1' }, '/access-keys/key_1'],
  [{ kind: 'user_budget_used_up', target: 'app:ada' }, '/users/~YXBwOmFkYQ'],
  [{ kind: 'unknown_costs', target: null }, '/usage?range=24h&metric=sessions'],
] as const)('what needs attention leads to where it is mended: %o', ([item, href], { expect }) => {
  expect(findAttentionHref(item)).toBe(href);
});

test('steps are told in the order in which they are taken', ({ expect }) => {
  expect(listSteps({ hasKey: true, hasMint: false, hasCall: true })).toEqual([
    { name: 'key', isDone: true },
    { name: 'mint', isDone: false },
    { name: 'call', isDone: true },
  ]);
});

test('the command is one line, for this very server, without a secret', ({ expect }) => {
  const command = writeMintCommand('https://broker.example.com');
  expect(command).toMatch(/^curl https:\/\/broker\.example\.com\/v1\/realtime\/client_secrets /);
  expect(command).toContain('"Authorization: Bearer $EPHEMERA_KEY"');
  expect(command).not.toContain('\n');
  const body = /-d '(.*)'$/.exec(command)?.[1] ?? '';
  expect(JSON.parse(body)).toEqual({ session: { type: 'realtime' } });
});

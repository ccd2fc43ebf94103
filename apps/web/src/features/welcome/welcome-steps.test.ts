import { test } from 'vitest';

import type { BudgetList } from '../budgets/limit-types.ts';
import {
  findLimitsProblem,
  parseOrigins,
  parseStep,
  stepAfter,
  stepBefore,
  toLimitsForm,
  toLimitsInput,
} from './welcome-steps.ts';

const limit = (value: number, isOwn = false) => ({ value, isOwn });
const LIMITS = {
  mintsPerMinute: limit(60),
  mintsPerMinutePerAddress: limit(600),
  maxOpenSessions: limit(20),
  maxTtlSeconds: limit(7_200),
  maxSessionSeconds: limit(1_800),
};
const NOTHING_SET: BudgetList = { items: [], limits: LIMITS };
const DEFAULT: BudgetList['items'][number] = {
  scope: 'default_user',
  subject: '',
  name: null,
  limitMicroUsd: 2_500_000,
  spentMicroUsd: 0,
  reservedMicroUsd: 0,
  leftMicroUsd: 2_500_000,
  period: 'monthly',
  timeZone: 'Asia/Seoul',
  action: 'warn',
  periodStart: '2026-11-01T00:00:00.000Z',
  resetsAt: '2026-12-01T00:00:00.000Z',
  updatedAt: '2026-11-01T00:00:00.000Z',
  updatedBy: 'user-1',
};

test('an unknown step is the first one, and the way leads through all of them', ({ expect }) => {
  expect(['talk', 'nowhere', undefined].map(parseStep)).toEqual(['talk', 'key', 'key']);
  expect(['key', 'origins', 'limits', 'talk'].map(parseStep).map(stepAfter)).toEqual([
    'origins',
    'limits',
    'talk',
    null,
  ]);
  expect([stepBefore('key'), stepBefore('talk')]).toEqual([null, 'limits']);
});

test('origins are those that a browser sends, over https or on this machine', ({ expect }) => {
  const told = [
    'https://app.example.com/',
    ' https://a.test , http://localhost:5173',
    'https://a.test,https://a.test',
  ];
  expect(told.map(parseOrigins)).toEqual([
    'https://app.example.com',
    'https://a.test,http://localhost:5173',
    'https://a.test',
  ]);
  const wrong = [
    '',
    '*',
    'app.example.com',
    'https://a.test/path',
    'http://a.test',
    'https://a.test,',
    'null',
  ];
  expect(wrong.map(parseOrigins)).toEqual(wrong.map(() => null));
});

test('ten dollars a day and a quarter of an hour are suggested; what is set already is kept', ({
  expect,
}) => {
  expect(toLimitsForm(NOTHING_SET)).toEqual({ amount: '10', minutes: '15' });
  expect(toLimitsInput({ amount: '10', minutes: '15' }, NOTHING_SET, 'Europe/Paris')).toEqual({
    budget: {
      scope: 'default_user',
      subject: '',
      limitMicroUsd: 10_000_000,
      period: 'daily',
      timeZone: 'Europe/Paris',
      action: 'block',
    },
    maxSessionSeconds: 900,
  });
  const list: BudgetList = { items: [DEFAULT], limits: { ...LIMITS, maxSessionSeconds: limit(90, true) } };
  expect(toLimitsForm(list)).toEqual({ amount: '2.5', minutes: '1.5' });
  expect(toLimitsInput({ amount: '3', minutes: '0,5' }, list, 'Europe/Paris')).toEqual({
    budget: {
      scope: 'default_user',
      subject: '',
      limitMicroUsd: 3_000_000,
      period: 'monthly',
      timeZone: 'Asia/Seoul',
      action: 'warn',
    },
    maxSessionSeconds: 30,
  });
});

const problemOf = (amount: string, minutes: string) => findLimitsProblem({ amount, minutes });

test('a field that cannot be sent is named', ({ expect }) => {
  expect([problemOf('10', '60'), problemOf('0.50', '0.5')]).toEqual([null, null]);
  expect(['', '0', 'ten', '-1'].map((amount) => problemOf(amount, '15'))).toEqual(Array(4).fill('amount'));
  expect(['', '0.4', '61', 'long'].map((minutes) => problemOf('10', minutes))).toEqual(
    Array(4).fill('minutes'),
  );
});

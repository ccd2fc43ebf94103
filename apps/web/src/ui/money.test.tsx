import { cleanup, render, screen } from '@solidjs/testing-library';
import { createRoot } from 'solid-js';
import { afterEach, test } from 'vitest';

import { I18nProvider } from '../i18n/context.tsx';
import { loadDictionary } from '../i18n/dictionary.ts';
import { createFormatters } from '../i18n/format.ts';
import { createI18n } from '../i18n/i18n.ts';
import { formatMoney } from '../i18n/money.ts';
import { MeterBar } from './meter-bar.tsx';
import { findMeterParts } from './meter-parts.ts';
import { Money } from './money.tsx';

afterEach(cleanup);

const en = createFormatters('en');

const write = (microUsd: number) => formatMoney({ microUsd }, en);

test('money shows at least four decimals below a cent and two above a dollar', ({ expect }) => {
  expect([0, 4_200, 12, 9_999, 10_000, 48_300, 1_234_567, 12_000_000].map(write)).toEqual([
    '$0.00',
    '$0.0042',
    '$0.000012',
    '$0.0100',
    '$0.01',
    '$0.048',
    '$1.23',
    '$12.00',
  ]);
});

test('what is lost keeps its sign and its decimals', ({ expect }) => {
  expect(formatMoney({ microUsd: -4_200 }, en)).toBe('-$0.0042');
});

test('unknown money is a dash and never a zero, estimated money is marked', ({ expect }) => {
  expect(formatMoney({ microUsd: null }, en)).toBe('—');
  expect(formatMoney({ microUsd: 0, status: 'unknown' }, en)).toBe('—');
  expect(formatMoney({ microUsd: 4_200, status: 'estimated' }, en)).toBe('~$0.0042');
});

test('a screen reader hears why money is a dash or has a wave before it', async ({ expect }) => {
  const dictionary = await loadDictionary('en');
  const i18n = createRoot(() => createI18n({ locale: 'en', dictionary }));
  render(() => (
    <I18nProvider value={i18n}>
      <p data-testid="unknown">
        <Money microUsd={null} />
      </p>
      <p data-testid="estimated">
        <Money microUsd={4_200} status="estimated" hint="Estimated from the duration" />
      </p>
    </I18nProvider>
  ));
  expect(screen.getByTestId('unknown').textContent).toBe('—The cost is not known');
  expect(screen.getByTestId('estimated').textContent).toBe('~$0.0042$0.0042, Estimated from the duration');
});

test('a meter is full at its limit, warns from 80 % on and counts what is held', ({ expect }) => {
  expect(findMeterParts({ value: 30, max: 100 })).toEqual({ used: 30, held: 0, tone: 'normal' });
  expect(findMeterParts({ value: 30, max: 100, held: 50 })).toEqual({ used: 30, held: 50, tone: 'warning' });
  expect(findMeterParts({ value: 120, max: 100, held: 5 })).toEqual({ used: 100, held: 0, tone: 'danger' });
  expect(findMeterParts({ value: 0, max: 0 })).toEqual({ used: 0, held: 0, tone: 'danger' });
  expect(findMeterParts({ value: 1, max: 1_000_000 })).toEqual({ used: 1, held: 0, tone: 'normal' });
});

test('a meter says its value in words and never more than its limit in numbers', ({ expect }) => {
  render(() => <MeterBar label="Budget" text="$12.00 of $10.00" value={12} max={10} />);
  const meter = screen.getByRole('meter', { name: 'Budget' });
  expect(meter.getAttribute('aria-valuenow')).toBe('10');
  expect(meter.getAttribute('aria-valuetext')).toBe('$12.00 of $10.00');
});

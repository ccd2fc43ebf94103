import { createRoot } from 'solid-js';
import { test } from 'vitest';

import { findLocale, loadDictionary, LOCALES } from './dictionary.ts';
import type { Locale } from './dictionary.ts';
import { createFormatters, formatClock } from './format.ts';
import { createI18n } from './i18n.ts';

const TRANSLATED = LOCALES.filter((locale) => locale !== 'en');

/** Every file of words: those of the first view, and those of sections that load with their pages. */
const FILES = import.meta.glob<Readonly<Record<string, Readonly<Record<string, string>>>>>('./*/*.ts', {
  eager: true,
});

function loadEverything(locale: Locale): Readonly<Record<string, string>> {
  const whole = `./${locale}/${locale}.ts`;
  const files = Object.entries(FILES).filter(([path]) => path.startsWith(`./${locale}/`) && path !== whole);
  const words = files.flatMap(([path, module]) =>
    Object.values(module).flatMap((dictionary) =>
      Object.entries(dictionary).map(([key, text]) => [`${path.slice(locale.length + 3)} ${key}`, text]),
    ),
  );
  return Object.fromEntries(words);
}

const byName = (a: string, b: string) => a.localeCompare(b);

const findPlaceholders = (text: string) =>
  [...text.matchAll(/\{\{ (\w+) \}\}/g)].map(([, name]) => name ?? '').toSorted(byName);

async function create(locale: Locale) {
  const dictionary = await loadDictionary(locale);
  return createRoot(() => createI18n({ locale, dictionary }));
}

test.for(TRANSLATED)('%s has every key, no empty text and the same placeholders', (locale, { expect }) => {
  const [source, target] = [loadEverything('en'), loadEverything(locale)];
  expect(Object.keys(target).toSorted(byName)).toEqual(Object.keys(source).toSorted(byName));
  for (const [key, text] of Object.entries(source)) {
    const translated = Reflect.get(target, key);
    expect(translated.trim(), key).not.toBe('');
    expect(findPlaceholders(translated), key).toEqual(findPlaceholders(text));
  }
});

test('French puts a narrow no-break space before its high marks', ({ expect }) => {
  for (const [key, text] of Object.entries(loadEverything('fr'))) {
    expect(text, key).not.toMatch(/[^\u202f«](?=[;!?»])|[ \u00a0](?=:)/u);
    expect(text, key).not.toMatch(/«[^\u202f]/u);
  }
});

test.for(TRANSLATED)('%s is translated, not copied', (locale, { expect }) => {
  const [source, target] = [loadEverything('en'), loadEverything(locale)];
  const same = Object.entries(source).filter(
    ([key, text]) => text.replaceAll(/\{\{ \w+ \}\}/g, '').length > 16 && Reflect.get(target, key) === text,
  );
  expect(same).toEqual([]);
});

test('each language counts in its own way', async ({ expect }) => {
  const [en, fr, ko] = await Promise.all([create('en'), create('fr'), create('ko')]);
  const count = (i18n: typeof en, n: number) => i18n.plural('events.count', n);
  expect([count(en, 0), count(en, 1), count(en, 2)]).toEqual(['0 events', '1 event', '2 events']);
  expect([count(fr, 0), count(fr, 1), count(fr, 2)]).toEqual(['0 événement', '1 événement', '2 événements']);
  expect([count(ko, 0), count(ko, 1), count(ko, 2)]).toEqual(['이벤트 0개', '이벤트 1개', '이벤트 2개']);
});

test('a switch of language changes texts and formats, and tells about it', async ({ expect }) => {
  const changes: Locale[] = [];
  const dictionary = await loadDictionary('en');
  const onChange = (locale: Locale) => changes.push(locale);
  const i18n = createRoot(() => createI18n({ locale: 'en', dictionary, onChange }));
  await i18n.setLocale('fr');
  expect(i18n.t('signIn.submit')).toBe('Se connecter');
  expect(i18n.format().percent(0.125)).toMatch(/^12,5\s%$/u);
  expect(changes).toEqual(['fr']);
});

test('the last choice wins when two languages load at once', async ({ expect }) => {
  const i18n = await create('en');
  await Promise.all([i18n.setLocale('ko'), i18n.setLocale('fr')]);
  expect(i18n.locale()).toBe('fr');
});

test('the reader’s first language that exists is taken', ({ expect }) => {
  expect(findLocale(['de-DE', 'fr-CA', 'en'])).toBe('fr');
  expect(findLocale(['KO-kr'])).toBe('ko');
  expect(findLocale(['de', 'it'])).toBe('en');
});

test('a clock counts minutes, and hours from the first one on', ({ expect }) => {
  expect([0, 9.9, 65, 3_600, 36_061].map(formatClock)).toEqual([
    '0:00',
    '0:09',
    '1:05',
    '1:00:00',
    '10:01:01',
  ]);
  expect(formatClock(-3)).toBe('0:00');
});

test('durations, money and times are written by unit and size', ({ expect }) => {
  const format = createFormatters('en');
  expect(format.milliseconds(12.4)).toBe('12 ms');
  expect(format.milliseconds(1_234)).toBe('1.23 sec');
  expect(format.duration(187)).toBe('3 min 7 sec');
  expect(format.duration(14.6)).toBe('14 sec');
  expect(formatClock(14.6)).toBe('0:14');
  expect(format.duration(0)).toBe('0 sec');
  expect(format.duration(7_260)).toBe('2 hr 1 min');
  expect([format.usd(0.048), format.usd(0.0042), format.usd(12)]).toEqual(['$0.048', '$0.0042', '$12.00']);
  const now = new Date('2026-11-21T12:00:00Z');
  const ago = (seconds: number) => format.relative(new Date(now.getTime() - seconds * 1_000), now);
  expect([ago(5), ago(60), ago(7_200), ago(86_400)]).toEqual([
    'now',
    '1 minute ago',
    '2 hours ago',
    'yesterday',
  ]);
  expect([ago(29), ago(59.6), ago(100), ago(3_599), ago(86_399)]).toEqual([
    'now',
    '1 minute ago',
    '2 minutes ago',
    '1 hour ago',
    'yesterday',
  ]);
  const days = 86_400;
  expect([ago(60 - 7 * days), ago(5 - 90 * days), ago(-12 * 3_600)]).toEqual([
    'in 7 days',
    'in 90 days',
    'in 12 hours',
  ]);
});

import type { TranscriptItem } from '@ephemera/realtime-client';
import { cleanup, render, screen, within } from '@solidjs/testing-library';
import { createRoot, createSignal } from 'solid-js';
import { afterEach, test } from 'vitest';

import { I18nProvider } from '../../i18n/context.tsx';
import { en } from '../../i18n/en/en.ts';
import { createI18n } from '../../i18n/i18n.ts';
import { findLastFinal, serializeTranscript, Transcript } from './transcript.tsx';

const item = (change: Partial<TranscriptItem>): TranscriptItem => ({
  id: 'i1',
  role: 'user',
  text: 'Hello there',
  status: 'final',
  playedMs: null,
  ...change,
});

function show(initial: readonly TranscriptItem[]) {
  const i18n = createRoot(() => createI18n({ locale: 'en', dictionary: en }));
  const [items, setItems] = createSignal(initial);
  const view = render(() => (
    <I18nProvider value={i18n}>
      <Transcript items={items()} isLive />
    </I18nProvider>
  ));
  const announced = () => view.container.querySelector('[aria-live=polite]')?.textContent ?? '';
  return { ...view, setItems, announced, log: () => screen.getByRole('log', { name: 'Transcript' }) };
}

afterEach(cleanup);

test('an empty transcript says what will appear', ({ expect }) => {
  const { log } = show([]);
  expect(log().textContent).toBe(en['transcript.empty']);
});

test('both sides are told apart, the assistant’s half sentence included', ({ expect }) => {
  const { log } = show([
    item({}),
    item({ id: 'i2', role: 'assistant', text: 'Good mor', status: 'partial' }),
  ]);
  const roles = within(log())
    .getAllByTestId('transcript-item')
    .map((element) => [element.dataset['role'], element.dataset['status']]);
  expect(roles).toEqual([
    ['user', 'final'],
    ['assistant', 'partial'],
  ]);
});

test('only finished messages are read out', ({ expect }) => {
  const { announced, setItems } = show([item({})]);
  expect(announced()).toBe('You: Hello there');
  setItems([item({}), item({ id: 'i2', role: 'assistant', text: 'Good', status: 'partial' })]);
  expect(announced()).toBe('You: Hello there');
  setItems([item({}), item({ id: 'i2', role: 'assistant', text: 'Good morning', status: 'final' })]);
  expect(announced()).toBe('Assistant: Good morning');
});

test('a growing message stays the same element', ({ expect }) => {
  const { log, setItems } = show([item({ text: 'He', status: 'partial' })]);
  const before = within(log()).getByTestId('transcript-item');
  setItems([item({ text: 'Hello', status: 'partial' })]);
  expect(within(log()).getByTestId('transcript-item')).toBe(before);
  expect(before.textContent).toContain('Hello');
});

test('an interrupted answer says after how much of it', ({ expect }) => {
  const { log } = show([item({ role: 'assistant', status: 'interrupted', playedMs: 1_250 })]);
  expect(log().textContent).toContain('interrupted after 1.25 sec');
});

test('words that could not be written down are not an empty bubble', ({ expect }) => {
  const { log } = show([item({ text: '', status: 'failed' })]);
  expect(log().textContent).toContain(en['transcript.failed']);
});

test('markup in a message is text', ({ expect }) => {
  const { container } = show([item({ text: '<img src=x onerror=alert(1)>' })]);
  expect(container.querySelector('img')).toBeNull();
});

test('the copied text names the speakers', ({ expect }) => {
  const items = [item({}), item({ id: 'i2', role: 'assistant', text: 'Hi' })];
  expect(serializeTranscript(items, (role) => role)).toBe('user: Hello there\nassistant: Hi');
  expect(findLastFinal([])).toBeNull();
});

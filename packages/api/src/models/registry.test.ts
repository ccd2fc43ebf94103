import { test } from 'vitest';

import { DEFAULT_MODEL, findModel, isShutDown, MODELS, REGISTRY_AS_OF } from './registry.ts';

const asOf = Date.parse(REGISTRY_AS_OF);

test('every entry names its sources, and a doomed one a living replacement', ({ expect }) => {
  for (const model of MODELS) {
    expect(model.sources.length, model.id).toBeGreaterThan(0);
    const days = model.prices.map(({ from }) => from);
    expect(days, model.id).toEqual([...new Set(days)].toSorted());
    if (model.shutdownAt === null) continue;
    const replacement = findModel(model.replacement ?? '');
    expect(replacement?.kind, model.id).toBe(model.kind);
    expect(replacement?.shutdownAt, model.id).toBeNull();
  }
  expect(new Set(MODELS.map(({ id }) => id)).size).toBe(MODELS.length);
});

test('the defaults are alive and of their kind', ({ expect }) => {
  for (const kind of ['realtime', 'transcription'] as const) {
    const model = findModel(DEFAULT_MODEL[kind]);
    expect(model).toMatchObject({ kind, shutdownAt: null });
  }
});

test('a model is served to the end of its last day', ({ expect }) => {
  const doomed = findModel('gpt-realtime');
  if (doomed === null) throw new Error('gpt-realtime is gone from the registry');
  expect(isShutDown(doomed, Date.UTC(2027, 0, 20, 23, 59, 59))).toBe(false);
  expect(isShutDown(doomed, Date.UTC(2027, 0, 21))).toBe(true);
  expect(MODELS.filter((model) => isShutDown(model, asOf)).map(({ id }) => id)).toEqual([
    'gpt-4o-realtime-preview',
    'gpt-4o-mini-realtime-preview',
  ]);
});

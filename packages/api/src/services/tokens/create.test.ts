import { sessionSchema } from '@ephemera/realtime-protocol';
import type { SessionConfig } from '@ephemera/realtime-protocol';
import { test } from 'vitest';

import { ADA, createTestApi, NOBODY, PROVIDER_KEY, START_MS } from '../../../test/fixtures.ts';
import { createToken } from './create.ts';
import type { CreateTokenInput } from './create.ts';

const SESSION: SessionConfig = {
  type: 'realtime',
  model: 'gpt-realtime-2.1-mini',
  instructions: 'canary-instructions',
  audio: { output: { voice: 'cedar' } },
};

test('hands out the secret of the provider and has its row by then', async ({ expect }) => {
  await using api = await createTestApi();
  const token = await createToken(api.as(ADA, 'req_1'), { ttlSeconds: 60, session: SESSION });
  const rows = await api.database.read('select * from sessions');
  expect(token).toMatchObject({
    secret: { value: 'ek_secret_1', session: { id: 'sess_1' } },
    model: 'gpt-realtime-2.1-mini',
    issuedAt: new Date(START_MS),
    expiresAt: new Date(START_MS + 600_000),
    callsUrl: 'https://upstream.test/v1/realtime/calls',
    warnings: [],
  });
  expect(rows).toEqual([
    expect.objectContaining({
      id: token.sessionId,
      provider_session_id: 'sess_1',
      user_id: ADA.id,
      user_name: 'Ada',
      state: 'issued',
      kind: 'realtime',
      model: 'gpt-realtime-2.1-mini',
      voice: 'cedar',
      request_id: 'req_1',
      issued_at: START_MS,
      expires_at: START_MS + 600_000,
      provider_key_id: expect.stringMatching(/^pkey_env_[\da-f]{16}$/),
      attempts: expect.stringMatching(
        /^\[\{"status":200,"code":null,"durationMs":0,"keyId":"pkey_env_[\da-f]{16}"\}\]$/,
      ),
      is_demo: 0,
    }),
  ]);
});

test('neither the token, nor the key, nor the instructions are stored or logged', async ({ expect }) => {
  await using api = await createTestApi();
  api.upstream.answer(() => ({
    status: 401,
    body: {
      error: {
        message: `Incorrect API key provided: ${PROVIDER_KEY}`,
        type: PROVIDER_KEY,
        code: PROVIDER_KEY,
      },
    },
  }));
  const refusal: unknown = await createToken(api.as(ADA), { session: SESSION }).catch(
    (error: unknown) => error,
  );
  const refusedAgain: unknown = await createToken(api.as(ADA), { session: SESSION }).catch(
    (error: unknown) => error,
  );
  await api.database.write({ sql: "update provider_keys set state = 'active'", args: [] });
  api.dependencies.keyPool.invalidate();
  await createToken(api.as(ADA), { session: SESSION });
  const stored = JSON.stringify(await api.database.read('select * from sessions'));
  const told = `${String(refusal)} ${JSON.stringify([refusal, refusedAgain])} ${JSON.stringify(api.logger.lines)}`;
  for (const secret of ['ek_secret', 'CANARY', 'canary-instructions'])
    expect(stored + told).not.toContain(secret);
});

test('asks upstream for the pseudonym of the user, the clamped lifetime and the default model', async ({
  expect,
}) => {
  await using api = await createTestApi();
  const token = await createToken(api.as(ADA), { ttlSeconds: 7_200 });
  const [request] = api.upstream.requests;
  expect(JSON.parse(request?.body ?? '')).toEqual({
    expires_after: { anchor: 'created_at', seconds: 3_600 },
    session: { type: 'realtime', model: 'gpt-realtime-2.1' },
  });
  const identifier = await api.dependencies.pseudonyms.safetyIdentifierOf(ADA.id);
  expect(request?.headers['openai-safety-identifier']).toBe(identifier);
  expect(identifier).not.toContain(ADA.id);
  expect(token.warnings.map(({ code }) => code)).toEqual(['ttl_clamped']);
});

test('a transcription session gets its default model two levels down and keeps what it asked for', async ({
  expect,
}) => {
  await using api = await createTestApi();
  const session = { type: 'transcription', audio: { input: { transcription: { language: 'fr' } } } } as const;
  await createToken(api.as(ADA), { session });
  expect(JSON.parse(api.upstream.requests[0]?.body ?? '')).toMatchObject({
    session: { audio: { input: { transcription: { language: 'fr', model: 'gpt-live-transcribe' } } } },
  });
  expect(await api.database.read('select kind, model, voice from sessions')).toEqual([
    { kind: 'transcription', model: 'gpt-live-transcribe', voice: null },
  ]);
});

test('a model with a date of shutdown is minted with a warning that names its successor', async ({
  expect,
}) => {
  await using api = await createTestApi();
  const { warnings } = await createToken(api.as(ADA), {
    session: { type: 'realtime', model: 'gpt-realtime' },
  });
  expect(warnings).toEqual([
    { code: 'model_shutting_down', message: expect.stringMatching(/2027-01-20.*gpt-realtime-2\.1/) },
  ]);
});

const nested = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`) as unknown;

const REFUSED: Record<string, { input: CreateTokenInput; code: string; param?: string }> = {
  'an unknown model': {
    input: { session: { type: 'realtime', model: 'gpt-9' } },
    code: 'model_not_found',
    param: 'session.model',
  },
  'a retired model': {
    input: { session: { type: 'realtime', model: 'gpt-4o-realtime-preview' } },
    code: 'model_not_found',
  },
  'a model of the other kind': {
    input: { session: { type: 'realtime', model: 'gpt-live-transcribe' } },
    code: 'model_not_found',
  },
  'a speech model for transcription': {
    input: {
      session: { type: 'transcription', audio: { input: { transcription: { model: 'gpt-realtime-2.1' } } } },
    },
    code: 'model_not_found',
    param: 'session.audio.input.transcription.model',
  },
  'an unknown voice': {
    input: { session: { type: 'realtime', audio: { output: { voice: 'robot' } } } },
    code: 'invalid_request',
    param: 'session.audio.output.voice',
  },
  'a lifetime too short': {
    input: { ttlSeconds: 9 },
    code: 'invalid_request',
    param: 'expires_after.seconds',
  },
  'a lifetime too long': { input: { ttlSeconds: 86_400_000 }, code: 'invalid_request' },
  'a broken lifetime': { input: { ttlSeconds: 60.5 }, code: 'invalid_request' },
  'no lifetime at all': { input: { ttlSeconds: Number.NaN }, code: 'invalid_request' },
  'a session without bottom': {
    input: {
      session: { type: 'realtime', tools: [{ type: 'function', name: 'f', parameters: { nested } }] },
    },
    code: 'invalid_request',
    param: 'session',
  },
  'a session without end': {
    input: {
      session: {
        type: 'realtime',
        tools: [{ type: 'function', name: 'f', parameters: { text: 'x'.repeat(300_000) } }],
      },
    },
    code: 'invalid_request',
  },
};

test('no bad request reaches the provider or the log of sessions', async ({ expect }) => {
  await using api = await createTestApi();
  for (const [name, { input, code, param }] of Object.entries(REFUSED)) {
    const error: unknown = await createToken(api.as(ADA), input).catch((reason: unknown) => reason);
    expect(error, name).toMatchObject({ code, ...(param === undefined ? {} : { details: { param } }) });
  }
  await expect(createToken(api.as(NOBODY), { session: SESSION })).rejects.toMatchObject({
    code: 'unauthenticated',
  });
  expect(api.upstream.requests).toEqual([]);
  expect(await api.database.read('select id from sessions')).toEqual([]);
});

test('what the schema lets through of a hostile session never becomes a field upstream', ({ expect }) => {
  for (const hostile of [
    { type: 'realtime', role: 'admin' },
    JSON.parse('{"type":"realtime","__proto__":{"role":"admin"}}'),
    {
      type: 'realtime',
      audio: { output: { voice: 'cedar', constructor: { prototype: { role: 'admin' } } } },
    },
    { type: 'realtime', client_secret: 'x' },
  ]) {
    const parsed = sessionSchema.safeParse(hostile);
    expect(parsed.success ? JSON.stringify(parsed.data) : '').not.toContain('admin');
  }
});

test('a failed mint leaves a row that says what happened, and an error that names it', async ({ expect }) => {
  await using api = await createTestApi();
  api.upstream.answer(() => ({
    status: 429,
    body: { error: { message: 'x', type: 'x', code: 'insufficient_quota' } },
  }));
  const error: unknown = await createToken(api.as(ADA, 'req_9'), { session: SESSION }).catch(
    (reason: unknown) => reason,
  );
  const [row] = await api.database.read('select * from sessions');
  expect(row).toMatchObject({
    state: 'failed',
    reason: 'upstream_rejected',
    ended_by: 'error',
    ended_at: START_MS,
    provider_session_id: null,
    expires_at: null,
    request_id: 'req_9',
    provider_key_id: null,
    attempts: expect.stringMatching(
      /^\[\{"status":429,"code":"insufficient_quota","durationMs":0,"keyId":"pkey/,
    ),
  });
  expect(error).toMatchObject({ code: 'upstream_rejected', details: { sessionId: row?.['id'] } });
  expect(api.logger.lines).toContainEqual({
    level: 'warn',
    event: 'session.failed',
    fields: { sessionId: row?.['id'], code: 'upstream_rejected' },
  });
});

test('without a row there is no token', async ({ expect }) => {
  await using api = await createTestApi();
  await api.database.read('select 1');
  await api.database.write({ sql: 'drop table sessions', args: [] });
  const error: unknown = await createToken(api.as(ADA), { session: SESSION }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: 'unavailable', httpStatus: 503 });
  expect(JSON.stringify(error) + String(error)).not.toContain('ek_secret');
});

test('without a provider key nobody is asked', async ({ expect }) => {
  await using api = await createTestApi({ environmentKeys: [] });
  await expect(createToken(api.as(ADA), {})).rejects.toMatchObject({
    code: 'no_healthy_provider_key',
    httpStatus: 503,
  });
  expect(api.upstream.requests).toEqual([]);
  expect(await api.database.read('select state, reason, attempts from sessions')).toEqual([
    { state: 'failed', reason: 'no_healthy_provider_key', attempts: '[]' },
  ]);
});

test('a caller who hangs up leaves no secret without a row', async ({ expect }) => {
  await using api = await createTestApi();
  const kept: Promise<unknown>[] = [];
  const asked = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  api.upstream.answer(async () => {
    asked.resolve();
    await go.promise;
    return {
      body: {
        value: 'ek_late',
        expires_at: START_MS / 1_000 + 60,
        session: { id: 'sess_late', type: 'realtime' },
      },
    };
  });
  const ctx = { ...api.as(ADA), waitUntil: (work: Promise<unknown>) => void kept.push(work) };
  void createToken(ctx, {});
  await asked.promise;
  go.resolve();
  await Promise.all(kept);
  // The mint, and the look for sessions that are over.
  expect(kept).toHaveLength(2);
  expect(await api.database.read('select provider_session_id from sessions')).toEqual([
    { provider_session_id: 'sess_late' },
  ]);
});

test('many at once get a row each', async ({ expect }) => {
  await using api = await createTestApi();
  const tokens = await Promise.all(Array.from({ length: 64 }, () => createToken(api.as(ADA), {})));
  expect(new Set(tokens.map(({ sessionId }) => sessionId)).size).toBe(64);
  expect(await api.database.read('select count(*) as stored from sessions')).toEqual([{ stored: 64 }]);
});

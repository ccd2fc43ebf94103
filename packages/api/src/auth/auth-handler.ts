import type { Database, Statement } from '@ephemera/db';
import * as z from 'zod';

import type { AuditEntry } from '../audit/record.ts';
import { auditStatement } from '../audit/record.ts';
import type { Actor, Clock } from '../context.ts';
import { AppError, toAppError } from '../errors.ts';
import type { IdSource } from '../ids.ts';
import { isRecord, parse, readBody, readRefusalCode, rewrap, withoutSignInToken } from './auth-bodies.ts';
import { AUTH_ROUTES } from './auth-routes.ts';
import type { AuthRoute } from './auth-routes.ts';
import { findAccountActor } from './find-account.ts';
import type { SignedIn } from './find-account.ts';
import { personName } from './person-name.ts';
import { canonicalizeEmail, requireGoodPassword } from './passwords.ts';
import type { Attempt, CountedAttempt, SignInGuard } from './sign-in-guard.ts';
import { tooManySignIns } from './sign-in-guard.ts';
import type { TakeCode } from './used-codes.ts';

export type AuthRequestInfo = {
  requestId: string;
  /** Where it comes from: what is counted by, and what is kept. Null: unknown. */
  network: { subject: string; prefix: string } | null;
};

export type AuthHandlerParts = {
  database: Database;
  clock: Clock;
  ids: Pick<IdSource, 'auditId'>;
  guard: SignInGuard;
  /** The account library. */
  forward: (request: Request) => Promise<Response>;
  findSignIn: (headers: Headers) => Promise<SignedIn | null>;
  /** False for a code of an authenticator app that the account has used already. */
  takeCode: TakeCode;
};

/** How the library learns from where a sign-in comes; overwritten on every request. */
export const NETWORK_HEADER = 'x-ephemera-network';

const BASE_PATH = '/api/auth';
const FIND_ID_SQL = 'select id from users where email = ?1';
const END_SQL = 'delete from auth_sessions where id = ?1';
const END_BY_TOKEN_SQL = 'delete from auth_sessions where token = ?1';

const signInSchema = z.object({
  email: z.string().max(320).transform(canonicalizeEmail).pipe(z.email()),
  password: z.string().min(1).max(1_024),
  rememberMe: z.boolean().optional(),
});
/** A device is never trusted for later: each sign-in asks for the second factor. */
const codeSchema = z.object({ code: z.string().min(1).max(64) });
const newPasswordSchema = z.looseObject({ newPassword: z.string() });
/** The library would take a name of any length, and any text for the address of a picture. */
const profileSchema = z.strictObject({ name: personName });

type Call = {
  parts: AuthHandlerParts;
  route: AuthRoute;
  request: Request;
  info: AuthRequestInfo;
  /** Who is signed in already. */
  signedIn: SignedIn | null;
};

type Answer = { response: Response; body: unknown };

function findRoute(request: Request): AuthRoute {
  const { pathname } = new URL(request.url);
  const path = pathname.startsWith(BASE_PATH) ? pathname.slice(BASE_PATH.length) : '';
  const route = AUTH_ROUTES.find((known) => known.path === path && known.method === request.method);
  if (route === undefined) throw new AppError('not_found', 'There is nothing at this address.');
  return route;
}

/** A refusal is passed on as it is; this is none, and has no text for strangers. */
function libraryFailure(status: number, text: string): AppError {
  const code = readRefusalCode(text) ?? 'without a code';
  return toAppError(new Error(`The account library answered ${status}: ${code}.`));
}

/** The library keeps to itself what failed, and takes a sign-in that it could not read for none. */
async function requireDatabase({ database }: AuthHandlerParts): Promise<void> {
  await database.read('select 1');
}

async function forward({ parts, request, info, route }: Call, body?: unknown): Promise<Answer> {
  const headers = new Headers(request.headers);
  headers.set(NETWORK_HEADER, info.network?.prefix ?? '');
  headers.delete('content-length');
  const init = { method: request.method, headers };
  const sent = body === undefined ? init : { ...init, body: JSON.stringify(body) };
  const response = await parts.forward(new Request(request.url, sent));
  const text = await response.text();
  const isFailure = response.status >= 500;
  if (isFailure || (response.status === 401 && route.method === 'GET')) await requireDatabase(parts);
  if (isFailure) throw libraryFailure(response.status, text);
  if (text === '' || route.path === '/token') return { response: rewrap(response, text), body: null };
  const answered: unknown = JSON.parse(text);
  return { response: rewrap(response, JSON.stringify(withoutSignInToken(answered))), body: answered };
}

function audit(call: Call, actor: Actor, entry: AuditEntry): Statement {
  const { parts, info } = call;
  const from = { requestId: info.requestId, ipPrefix: info.network?.prefix ?? null };
  return auditStatement({ ...from, actor, clock: parts.clock, ids: parts.ids }, entry);
}

async function count(call: Call, account: string | null, target: string | null): Promise<CountedAttempt> {
  const { network } = call.info;
  const attempt: Attempt = {
    account,
    subject: network?.subject ?? 'unknown',
    ipPrefix: network?.prefix ?? null,
  };
  const counted = await call.parts.guard.count(attempt);
  if (!counted.isLocked) return counted;
  if (counted.lockedBy !== null) {
    const details = { reason: 'locked', lock: counted.lockedBy };
    const entry: AuditEntry = { action: 'account.sign_in', target, result: 'denied', details };
    await call.parts.database.writeAll([audit(call, { kind: 'anonymous' }, entry)]);
  }
  throw tooManySignIns(counted);
}

/** The library has made the sign-in by now: where it cannot be told to the audit, there is none. */
async function endSignIn(call: Call, body: unknown): Promise<void> {
  const token = isRecord(body) ? body['token'] : null;
  if (typeof token !== 'string') return;
  await call.parts.database.writeAll([{ sql: END_BY_TOKEN_SQL, args: [token] }]);
}

function readUserId(body: unknown): string {
  const user = isRecord(body) ? body['user'] : null;
  return isRecord(user) ? String(user['id']) : '';
}

type Completion = { body: unknown; forgive: readonly Statement[]; factor: string };

async function completeSignIn(call: Call, completion: Completion): Promise<void> {
  try {
    await recordSignIn(call, completion);
  } catch (error) {
    await endSignIn(call, completion.body);
    throw error;
  }
}

/** A sign-in that is complete: told to the audit, and the one that this browser had before is over. */
async function recordSignIn(call: Call, { body, forgive, factor }: Completion): Promise<void> {
  const { database, clock } = call.parts;
  const id = readUserId(body);
  const actor = await findAccountActor(database, { id, signInId: null, issuedAtMs: null }, clock.now());
  const entry: AuditEntry = {
    action: 'account.sign_in',
    target: id,
    result: 'ok',
    details: { factor },
  };
  await database.writeAll([
    ...forgive,
    ...(call.signedIn === null ? [] : [{ sql: END_SQL, args: [call.signedIn.signInId] }]),
    audit(call, actor ?? { kind: 'anonymous' }, entry),
  ]);
}

async function failSignIn(call: Call, target: string | null, reason: string): Promise<void> {
  const entry: AuditEntry = { action: 'account.sign_in', target, result: 'failed', details: { reason } };
  await call.parts.database.writeAll([audit(call, { kind: 'anonymous' }, entry)]);
}

async function signIn(call: Call): Promise<Response> {
  const input = parse(signInSchema, await readBody(call.request));
  const { database } = call.parts;
  const [row] = await database.read(FIND_ID_SQL, [input.email]);
  const target = row === undefined ? null : String(row['id']);
  const { forgive } = await count(call, input.email, target);
  const { response, body } = await forward(call, input);
  if (response.status === 401) await failSignIn(call, target, 'wrong_credentials');
  if (!response.ok) return response;
  if (isRecord(body) && body['twoFactorRedirect'] === true) await database.writeAll(forgive);
  else await completeSignIn(call, { body, forgive, factor: 'password' });
  return response;
}

/** Written before the library changes anything: it commits by itself, and what has no entry must not happen. */
async function announce(call: Call): Promise<void> {
  const { signedIn, route, parts } = call;
  const entry: AuditEntry = {
    action: 'account.request',
    target: signedIn?.actor.id ?? null,
    result: 'ok',
    details: { route: route.path },
  };
  await parts.database.writeAll([audit(call, signedIn?.actor ?? { kind: 'anonymous' }, entry)]);
}

/** What became of what was announced. */
function auditOutcome({ route, signedIn, ...call }: Call, { ok, status }: Response): Statement[] {
  if (route.action === null || signedIn === null) return [];
  const entry = { action: route.action, target: signedIn.actor.id };
  const outcome: AuditEntry = ok
    ? { ...entry, result: 'ok' }
    : { ...entry, result: 'failed', details: { status } };
  return [audit({ route, signedIn, ...call }, signedIn.actor, outcome)];
}

async function changeAccount(
  call: Call,
  { body, forgive }: { body: unknown; forgive: readonly Statement[] },
): Promise<Response> {
  await announce(call);
  const { response } = await forward(call, body);
  const statements = [...(response.ok ? forgive : []), ...auditOutcome(call, response)];
  if (statements.length > 0) await call.parts.database.writeAll(statements);
  return response;
}

/** The answer of a wrong code, for a right one that was used before. */
async function refuseUsedCode(call: Call, body: unknown): Promise<Response> {
  await endSignIn(call, body);
  await failSignIn(call, readUserId(body), 'used_totp');
  return Response.json({ code: 'INVALID_CODE', message: 'Invalid code' }, { status: 401 });
}

async function enableSecondFactor(call: Call, { actor }: SignedIn, code: string): Promise<Response> {
  const { parts } = call;
  const { forgive } = await count(call, null, actor.id);
  await announce(call);
  const { response } = await forward(call, { code });
  if (response.status === 401) await failSignIn(call, actor.id, 'wrong_totp');
  if (!response.ok) return response;
  await parts.takeCode(actor.id, code);
  const entry: AuditEntry = { action: 'account.enable_two_factor', target: actor.id, result: 'ok' };
  await parts.database.writeAll([...forgive, audit(call, actor, entry)]);
  return response;
}

async function verifySecondFactor(call: Call): Promise<Response> {
  const { code } = parse(codeSchema, await readBody(call.request));
  const { signedIn, route, parts } = call;
  if (signedIn !== null) return await enableSecondFactor(call, signedIn, code);
  const factor = route.path === '/two-factor/verify-totp' ? 'totp' : 'backup_code';
  const { forgive } = await count(call, null, null);
  if (factor === 'backup_code') await announce(call);
  const { response, body } = await forward(call, { code });
  if (response.status === 401) await failSignIn(call, null, `wrong_${factor}`);
  if (!response.ok) return response;
  if (factor === 'totp' && !(await parts.takeCode(readUserId(body), code))) {
    return await refuseUsedCode(call, body);
  }
  await completeSignIn(call, { body, forgive, factor });
  return response;
}

/** What asks a signed-in person for the password again, so that a stolen cookie cannot guess it. */
async function proveOwnPassword(call: Call): Promise<Response> {
  const { signedIn, route } = call;
  const body = await readBody(call.request);
  if (signedIn === null) return (await forward(call, body)).response;
  const { id, email = '' } = signedIn.actor;
  if (route.path === '/change-password') {
    requireGoodPassword(parse(newPasswordSchema, body).newPassword, { email });
  }
  const { forgive } = await count(call, email, id);
  return await changeAccount(call, { body, forgive });
}

async function passOn(call: Call): Promise<Response> {
  const { request, route, signedIn } = call;
  if (request.method !== 'POST') return (await forward(call)).response;
  const body = await readBody(request);
  if (signedIn === null) return (await forward(call, body)).response;
  const asked = route.path === '/update-user' ? parse(profileSchema, body) : body;
  return await changeAccount(call, { body: asked, forgive: [] });
}

const FLOWS: Readonly<Record<AuthRoute['proof'], (call: Call) => Promise<Response>>> = {
  none: passOn,
  password: signIn,
  second_factor: verifySecondFactor,
  own_password: proveOwnPassword,
};

/**
 * What is in front of the account library: the routes it is asked for at all, counting of what can be guessed, and the
 * audit, without which nothing is answered.
 */
export function createAuthHandler(parts: AuthHandlerParts) {
  return async (request: Request, info: AuthRequestInfo): Promise<Response> => {
    const route = findRoute(request);
    try {
      const signedIn = route.method === 'POST' ? await parts.findSignIn(request.headers) : null;
      return await FLOWS[route.proof]({ parts, route, request, info, signedIn });
    } catch (error) {
      // What the library throws becomes ours, so that its text ends here.
      throw toAppError(error);
    }
  };
}

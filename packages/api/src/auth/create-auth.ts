import { accounts, authSessions, jwks, twoFactors, users, verifications } from '@ephemera/db';
import type { Database } from '@ephemera/db';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { APIError } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';
import { jwt } from 'better-auth/plugins/jwt';
import { twoFactor } from 'better-auth/plugins/two-factor';

import type { Clock, Logger, UserRole } from '../context.ts';
import { describeError } from '../errors.ts';
import type { IdSource } from '../ids.ts';
import { createPseudonyms } from '../pseudonyms.ts';
import type { AuthRequestInfo } from './auth-handler.ts';
import { createAuthHandler, NETWORK_HEADER } from './auth-handler.ts';
import type { PersonActor, SignedIn } from './find-account.ts';
import { findAccountActor } from './find-account.ts';
import type { Passwords } from './passwords.ts';
import { canonicalizeEmail, PASSWORD_LENGTH } from './passwords.ts';
import { createSignInGuard } from './sign-in-guard.ts';
import { createTakeCode } from './used-codes.ts';

export type { AuthRequestInfo } from './auth-handler.ts';

export type AuthOptions = {
  database: Database;
  clock: Clock;
  ids: Pick<IdSource, 'auditId'>;
  passwords: Passwords;
  /** Encrypts the signing keys and second factors, and signs the cookies; at least 32 characters. */
  secret: string;
  /** Public origin; routes live under `/api/auth`. */
  baseUrl: string;
  trustedOrigins: readonly string[];
  issuer: string;
  audience: string;
  logger: Logger;
};

export type AccountInput = { email: string; password: string; name: string; role: UserRole };

/** The accounts of this deployment: people sign in with e-mail and password and fetch short user JWTs. */
export type Auth = {
  /** Everything under `/api/auth`. Rejects with an AppError where the library fails. */
  handle: (request: Request, info: AuthRequestInfo) => Promise<Response>;
  /** The user of a browser's sign-in cookie; null without a valid one. */
  findSignedIn: (headers: Headers) => Promise<PersonActor | null>;
  /** The public half of the signing keys, for `/.well-known/jwks.json`. */
  listPublicKeys: () => Promise<{ keys: Record<string, unknown>[] }>;
  /** Rejects when the signing key cannot be read with this secret; makes the first one where there is none. */
  checkSigningKey: () => Promise<void>;
  /** A user JWT without a sign-in, for the server's own use (demo, scripts). */
  signUserToken: (input: { userId: string; ttlSeconds: number }) => Promise<string>;
  /** Creates the account, or brings the role and password of an existing one up to date. Sign-up is closed to the public. */
  seedAccount: (input: AccountInput) => Promise<{ userId: string; isCreated: boolean }>;
};

const WEB_TOKEN_TTL = '15m';
/** Of what is only compared: no stored password is as long. */
const MAX_TYPED_LENGTH = 1_024;

/**
 * Checking RS256 costs half the CPU of EdDSA or ES256 (measured: 0.10 against 0.20 ms), and a flood of forged tokens
 * pays it each time. 3072 bits for 128-bit strength.
 */
const SIGNING_KEY = { alg: 'RS256', modulusLength: 3_072 } as const;

type TokenUser = { name: string; email: string; role?: unknown };

/** For whoever else reads the token; our own resolver asks the account's row. */
function toClaims(user: TokenUser): { role: string; name: string; email: string } {
  return { role: typeof user.role === 'string' ? user.role : 'user', name: user.name, email: user.email };
}

/** `__Host-` where it can be: such a cookie comes over TLS and from this very host, or it is not taken. */
function cookieOptions(baseUrl: string) {
  const isHttps = baseUrl.startsWith('https:');
  return {
    // By hand: what the library does by itself is the weaker `__Secure-`.
    useSecureCookies: false,
    cookiePrefix: isHttps ? '__Host-ephemera' : 'ephemera',
    defaultCookieAttributes: { secure: isHttps, httpOnly: true, sameSite: 'lax', path: '/' },
  } as const;
}

const DISABLED_SQL = 'select 1 from users where id = ?1 and disabled_at is not null';

/** Whatever proof was given: no sign-in for a disabled account, and the answer of a wrong password. */
async function admitSignIn(database: Database, userId: string): Promise<void> {
  const [row] = await database.read(DISABLED_SQL, [userId]);
  if (row === undefined) return;
  throw new APIError('UNAUTHORIZED', {
    message: 'Invalid email or password',
    code: 'INVALID_EMAIL_OR_PASSWORD',
  });
}

function createHooks(database: Database) {
  return {
    session: {
      create: {
        before: async (session: { userId: string }, context: { headers?: Headers | undefined } | null) => {
          await admitSignIn(database, session.userId);
          return { data: { ...session, ipAddress: context?.headers?.get(NETWORK_HEADER) ?? '' } };
        },
      },
    },
  };
}

/**
 * The library calls every refusal an error, such as a foreign origin: the request's own line says those. Its messages
 * may quote a query with its parameters, so of a failure only the cause is told.
 */
function logFailure(logger: Logger, details: readonly unknown[]): void {
  const cause = details.find((detail) => detail instanceof Error);
  if (cause !== undefined) logger.error('auth.failed', { cause: describeError(cause) });
}

function buildBetterAuth(options: AuthOptions) {
  const { database, passwords } = options;
  return betterAuth({
    appName: 'Ephemera',
    baseURL: options.baseUrl,
    basePath: '/api/auth',
    secret: options.secret,
    trustedOrigins: [...options.trustedOrigins],
    database: drizzleAdapter(database.orm, {
      provider: 'sqlite',
      schema: {
        user: users,
        session: authSessions,
        account: accounts,
        verification: verifications,
        twoFactor: twoFactors,
        jwks,
      },
    }),
    user: { additionalFields: { role: { type: 'string', input: false, defaultValue: 'user' } } },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: MAX_TYPED_LENGTH,
      password: passwords,
    },
    databaseHooks: createHooks(database),
    // Its counters live in memory, where they lie as soon as there are two instances; the guard counts in the database.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: {
      ...cookieOptions(options.baseUrl),
      // By hand: left to itself it drops the check of the origin where NODE_ENV says test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
    },
    // Else it prints what it does not know to the console, a query's parameters included.
    onAPIError: { throw: true },
    logger: { level: 'error', log: (_level, _message, ...details) => logFailure(options.logger, details) },
    plugins: [
      twoFactor({ issuer: 'Ephemera' }),
      jwt({
        disableSettingJwtHeader: true,
        jwks: { keyPairConfig: SIGNING_KEY },
        jwt: {
          issuer: options.issuer,
          audience: options.audience,
          expirationTime: WEB_TOKEN_TTL,
          definePayload: ({ user, session }) => ({ ...toClaims(user), sid: session['id'] }),
        },
      }),
    ],
  });
}

type BetterAuth = ReturnType<typeof buildBetterAuth>;

async function signUserToken(
  auth: BetterAuth,
  input: { userId: string; ttlSeconds: number },
): Promise<string> {
  const context = await auth.$context;
  const user = await context.internalAdapter.findUserById(input.userId);
  if (user === null) throw new TypeError('There is no such account.');
  const iat = Math.floor(Date.now() / 1_000);
  const payload = { ...toClaims(user), sub: user.id, iat, exp: iat + input.ttlSeconds };
  const { token } = await auth.api.signJWT({ body: { payload } });
  return token;
}

async function updateAccount(auth: BetterAuth, userId: string, input: AccountInput): Promise<void> {
  const { internalAdapter, password } = await auth.$context;
  await internalAdapter.updateUser(userId, { role: input.role });
  const credential = (await internalAdapter.findAccounts(userId)).find(
    (account) => account.providerId === 'credential',
  );
  const hash = credential?.password;
  const isCurrent =
    hash === undefined || hash === null ? false : await password.verify({ hash, password: input.password });
  if (!isCurrent) await internalAdapter.updatePassword(userId, await password.hash(input.password));
}

async function seedAccount(
  auth: BetterAuth,
  input: AccountInput,
): Promise<{ userId: string; isCreated: boolean }> {
  const { internalAdapter, password } = await auth.$context;
  const known = await internalAdapter.findUserByEmail(canonicalizeEmail(input.email));
  if (known !== null) {
    await updateAccount(auth, known.user.id, input);
    return { userId: known.user.id, isCreated: false };
  }
  const hash = await password.hash(input.password);
  const { name, email, role } = input;
  const account = { name, email: canonicalizeEmail(email), role, emailVerified: true };
  const user = await internalAdapter.createUser(account, { method: 'admin' });
  await internalAdapter.linkAccount({
    userId: user.id,
    providerId: 'credential',
    accountId: user.id,
    password: hash,
  });
  return { userId: user.id, isCreated: true };
}

async function findSignIn(
  auth: BetterAuth,
  { database, clock }: AuthOptions,
  headers: Headers,
): Promise<SignedIn | null> {
  const found = await auth.api.getSession({ headers });
  if (found === null) return null;
  const claims = { id: found.user.id, signInId: found.session.id, issuedAtMs: null };
  const actor = await findAccountActor(database, claims, clock.now());
  return actor === null ? null : { actor, signInId: found.session.id };
}

export function createAuth(options: AuthOptions): Auth {
  const auth = buildBetterAuth(options);
  const { database, clock, ids } = options;
  const find = (headers: Headers): Promise<SignedIn | null> => findSignIn(auth, options, headers);
  const counting = { database, clock, pseudonyms: createPseudonyms(options.secret) };
  const guard = createSignInGuard(counting);
  const takeCode = createTakeCode(counting);
  const forward = (request: Request): Promise<Response> => auth.handler(request);
  return {
    handle: createAuthHandler({ database, clock, ids, guard, forward, findSignIn: find, takeCode }),
    findSignedIn: async (headers) => (await find(headers))?.actor ?? null,
    listPublicKeys: async () => {
      const { keys } = await auth.api.getJwks();
      return { keys: keys.map((key) => ({ ...key })) };
    },
    checkSigningKey: async () => {
      await auth.api.signJWT({ body: { payload: { sub: 'nobody', exp: 0 } } });
    },
    signUserToken: (input) => signUserToken(auth, input),
    seedAccount: (input) => seedAccount(auth, input),
  };
}

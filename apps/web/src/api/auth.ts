import { ApiError } from './api-error.ts';

export type Credentials = { email: string; password: string };

/** `second_factor`: the password was right, and a code has to follow. */
export type SignInStep = 'done' | 'second_factor';

export type SecondFactor = { kind: 'totp' | 'backup_code'; code: string };

export type TwoFactorSecret = {
  /** `otpauth://…`: what an authenticator app takes up. */
  uri: string;
  backupCodes: string[];
};

export type AuthClient = {
  signIn(credentials: Credentials): Promise<SignInStep>;
  /** Completes a sign-in, or, for who is signed in, turns the second factor on. */
  verify(factor: SecondFactor): Promise<void>;
  /** Waits for what still needs the sign-in, for a moment. */
  signOut(): Promise<void>;
  /** Work that needs the sign-in and is done before it ends, until the returned function is called. */
  beforeSignOut: (work: () => Promise<void>) => () => void;
  /** A secret that counts once a code of it was verified. */
  enableTwoFactor(password: string): Promise<TwoFactorSecret>;
  disableTwoFactor(password: string): Promise<void>;
  /** The former codes are worth nothing afterwards. */
  createBackupCodes(password: string): Promise<string[]>;
  /** Signs out every other browser. */
  changePassword(passwords: { currentPassword: string; newPassword: string }): Promise<void>;
};

async function postAuth(send: typeof fetch, path: string, body: object): Promise<unknown> {
  const response = await send(`/api/auth/${path}`, {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await ApiError.fromResponse(response);
  return response.json();
}

function readField(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function readCodes(answer: unknown): string[] {
  const codes = readField(answer, 'backupCodes');
  return Array.isArray(codes) ? codes.filter((code) => typeof code === 'string') : [];
}

function readSecret(answer: unknown): TwoFactorSecret {
  const uri = readField(answer, 'totpURI');
  if (typeof uri !== 'string') throw new ApiError(502, null);
  return { uri, backupCodes: readCodes(answer) };
}

const MAX_WAIT_MS = 2_000;

/** Whatever becomes of the work: nobody is kept signed in by it. */
async function finishWork(work: Iterable<() => Promise<void>>): Promise<void> {
  const waited = new Promise<void>((resolve) => {
    setTimeout(resolve, MAX_WAIT_MS);
  });
  await Promise.race([Promise.allSettled(Array.from(work, (run) => run())), waited]);
}

const VERIFY_PATHS: Readonly<Record<SecondFactor['kind'], string>> = {
  totp: 'two-factor/verify-totp',
  backup_code: 'two-factor/verify-backup-code',
};

/** The broker's own sign-in; it lives in a cookie that no script reads. */
export function createAuthClient(send: typeof fetch): AuthClient {
  const post = (path: string, body: object) => postAuth(send, path, body);
  const unfinished = new Set<() => Promise<void>>();
  return {
    async signIn(credentials) {
      const answer = await post('sign-in/email', credentials);
      return readField(answer, 'twoFactorRedirect') === true ? 'second_factor' : 'done';
    },
    async verify({ kind, code }) {
      await post(VERIFY_PATHS[kind], { code });
    },
    async signOut() {
      await finishWork(unfinished);
      await post('sign-out', {});
    },
    beforeSignOut(work) {
      unfinished.add(work);
      return () => unfinished.delete(work);
    },
    enableTwoFactor: async (password) => readSecret(await post('two-factor/enable', { password })),
    async disableTwoFactor(password) {
      await post('two-factor/disable', { password });
    },
    createBackupCodes: async (password) =>
      readCodes(await post('two-factor/generate-backup-codes', { password })),
    async changePassword(passwords) {
      await post('change-password', { ...passwords, revokeOtherSessions: true });
    },
  };
}

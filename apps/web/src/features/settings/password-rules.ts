import type { AccountMessage } from './account-text.ts';

const MIN_LENGTH = 12;
const MAX_LENGTH = 256;
const MIN_DISTINCT = 4;

/** What the server would refuse, said before it is sent. */
export function findPasswordProblem(password: string, email: string): AccountMessage | null {
  if (password === '') return 'missing.password';
  const { length } = Array.from(password.normalize('NFKC'));
  if (length < MIN_LENGTH) return 'wrong.passwordShort';
  if (length > MAX_LENGTH) return 'wrong.passwordLong';
  if (new Set(password).size < MIN_DISTINCT) return 'wrong.passwordSimple';
  return password.toLowerCase() === email.trim().toLowerCase() ? 'wrong.passwordIsEmail' : null;
}

/** Without those that look alike, since it may be read aloud. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679';
const GROUPS = 4;
const GROUP_LENGTH = 5;

type FillRandom = (bytes: Uint8Array<ArrayBuffer>) => void;

/** Over 110 bits, in groups that can be copied by hand. */
export function suggestPassword(fillRandom: FillRandom): string {
  const letters: string[] = [];
  const bytes = new Uint8Array(64);
  // A byte beyond the last whole round of the letters would favour the first ones.
  const limit = 256 - (256 % LETTERS.length);
  while (letters.length < GROUPS * GROUP_LENGTH) {
    fillRandom(bytes);
    for (const byte of bytes) if (byte < limit) letters.push(LETTERS.charAt(byte % LETTERS.length));
  }
  const groups = Array.from({ length: GROUPS }, (_, at) =>
    letters.slice(at * GROUP_LENGTH, (at + 1) * GROUP_LENGTH).join(''),
  );
  return groups.join('-');
}

const EMAIL = /^[^\s@]+@[^\s@]+$/u;

export function findEmailProblem(email: string): AccountMessage | null {
  if (email.trim() === '') return 'missing.email';
  return EMAIL.test(email.trim()) ? null : 'wrong.email';
}

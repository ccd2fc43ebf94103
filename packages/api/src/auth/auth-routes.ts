import type { AuditAction } from '../audit/record.ts';

/** What a route of the account library proves, and so what is counted against guessing. */
type Proof = 'none' | 'password' | 'second_factor' | 'own_password';

export type AuthRoute = {
  method: 'GET' | 'POST';
  /** Below `/api/auth`. */
  path: string;
  proof: Proof;
  /** What a success is told to the audit as. */
  action: AuditAction | null;
};

/** Every route of the account library that is served; what it has beside these is not there. */
export const AUTH_ROUTES: readonly AuthRoute[] = [
  { method: 'POST', path: '/sign-in/email', proof: 'password', action: 'account.sign_in' },
  { method: 'POST', path: '/two-factor/verify-totp', proof: 'second_factor', action: 'account.sign_in' },
  {
    method: 'POST',
    path: '/two-factor/verify-backup-code',
    proof: 'second_factor',
    action: 'account.sign_in',
  },
  { method: 'GET', path: '/get-session', proof: 'none', action: null },
  { method: 'GET', path: '/token', proof: 'none', action: null },
  { method: 'POST', path: '/sign-out', proof: 'none', action: 'account.sign_out' },
  { method: 'POST', path: '/update-user', proof: 'none', action: 'account.update' },
  { method: 'POST', path: '/change-password', proof: 'own_password', action: 'account.change_password' },
  { method: 'POST', path: '/two-factor/enable', proof: 'own_password', action: 'account.update' },
  {
    method: 'POST',
    path: '/two-factor/disable',
    proof: 'own_password',
    action: 'account.disable_two_factor',
  },
  { method: 'POST', path: '/two-factor/get-totp-uri', proof: 'own_password', action: null },
  {
    method: 'POST',
    path: '/two-factor/generate-backup-codes',
    proof: 'own_password',
    action: 'account.update',
  },
];

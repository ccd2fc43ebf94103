import type { AuditAction, RouterInputs, RouterOutputs } from '@ephemera/api';

type Audit = RouterOutputs['audit'];

export type AuditInput = Exclude<RouterInputs['audit']['list'], void | undefined>;
export type AuditEntry = Audit['list']['items'][number];
export type StoredEntry = Audit['export']['entries'][number];
export type ChainStatus = Audit['status'];

export const AUDIT_RESULTS = ['ok', 'denied', 'failed'] as const satisfies readonly AuditInput['result'][];
export type AuditResult = (typeof AUDIT_RESULTS)[number];

/** Everything that is written down, to choose from; an action that is new here does not compile without its line. */
const ACTIONS: Readonly<Record<AuditAction, true>> = {
  'access_key.create': true,
  'access_key.update': true,
  'access_key.rotate': true,
  'access_key.disable': true,
  'access_key.enable': true,
  'access_key.revoke': true,
  'account.set_up': true,
  'account.sign_in': true,
  'account.sign_out': true,
  'account.enable_two_factor': true,
  'account.disable_two_factor': true,
  'account.change_password': true,
  'account.update': true,
  'account.request': true,
  'budget.set': true,
  'budget.remove': true,
  'limits.set': true,
  'member.create': true,
  'member.update': true,
  'member.set_password': true,
  'member.end_sign_in': true,
  'member.end_all_sign_ins': true,
  'node.register': true,
  'node.update': true,
  'node.revoke': true,
  'node.set_scopes': true,
  'node.end_sign_ins': true,
  'node.refresh': true,
  'node.rotate_signing_key': true,
  'node_registration_token.create': true,
  'node_registration_token.revoke': true,
  'token.mint': true,
  'turn.issue': true,
  'user.set_limits': true,
  'user.block': true,
  'user.unblock': true,
  'provider_key.read': true,
  'provider_key.add': true,
  'provider_key.test': true,
  'provider_key.rotate': true,
  'provider_key.disable': true,
  'provider_key.enable': true,
  'provider_key.drain': true,
  'provider_key.delete': true,
  'provider_key.quarantine': true,
  'provider_key.exhaust': true,
  'provider_key.cool_down': true,
  'provider_key.open_breaker': true,
  'provider_key.recover': true,
  'provider_key.rewrap': true,
};

export const AUDIT_ACTIONS: readonly string[] = Object.keys(ACTIONS).toSorted((a, b) => a.localeCompare(b));

import type { RouterOutputs } from '@ephemera/api';

import type { DotTone } from '../../ui/timeline.tsx';
import type { NodeMessage } from './node-text.ts';

export type AuditEntry = RouterOutputs['audit']['list']['items'][number];

type Words = {
  /** `null`: an action that this version has no words for; then `code` is shown. */
  message: NodeMessage | null;
  code: string;
  tone: DotTone;
  /** Values beside it, as they are. */
  facts: string;
};

const MESSAGES: Readonly<Record<string, { message: NodeMessage; tone: DotTone }>> = {
  'node.register': { message: 'history.register', tone: 'success' },
  'node.update': { message: 'history.update', tone: 'accent' },
  'node.set_scopes': { message: 'history.set_scopes', tone: 'accent' },
  'node.end_sign_ins': { message: 'history.end_sign_ins', tone: 'off' },
  'node.refresh': { message: 'history.reuse', tone: 'danger' },
  'node.revoke': { message: 'history.revoke', tone: 'danger' },
};

function toFact([name, value]: [string, unknown]): string {
  return `${name} ${Array.isArray(value) ? value.join(', ') : String(value)}`;
}

/** An audit entry of a node for a reader. */
export function describeAudit(entry: Pick<AuditEntry, 'action' | 'result' | 'details'>): Words {
  const known = MESSAGES[entry.action];
  return {
    message: known?.message ?? null,
    code: entry.action.replaceAll(/[._]/g, ' '),
    tone: entry.result === 'ok' ? (known?.tone ?? 'accent') : 'danger',
    facts: Object.entries(entry.details ?? {})
      .filter(([, value]) => typeof value !== 'object' || Array.isArray(value))
      .map(toFact)
      .join(' · '),
  };
}

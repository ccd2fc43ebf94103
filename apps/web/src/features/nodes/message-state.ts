import type { MessageEnvelope } from './node-types.ts';

export type DeliveryState = 'pending' | 'read' | 'expired' | 'refused';

/** Waiting while anyone may still read it; read as soon as anyone has; refused where no mailbox took it. */
export function describeDelivery(
  message: Pick<MessageEnvelope, 'recipients' | 'pending' | 'read'>,
): DeliveryState {
  if (message.recipients === 0) return 'refused';
  if (message.pending > 0) return 'pending';
  return message.read > 0 ? 'read' : 'expired';
}

const UNITS = ['byte', 'kilobyte', 'megabyte'] as const;
const STEP = 1_024;

/** As people write it in the language: `340 bytes`, `1.2 kB`. */
export function formatBytes(bytes: number, locale: string): string {
  const place = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log(bytes) / Math.log(STEP)));
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: UNITS[place] ?? 'byte',
    unitDisplay: place === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(bytes / STEP ** place);
}

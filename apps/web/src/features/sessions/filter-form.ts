import { parseDollars, toDollarText } from '../../ui/dollars.ts';
import { parseSeconds } from './session-filter.ts';
import type { SessionFilter } from './session-filter.ts';
import type { SessionMessage } from './session-text.ts';

/** The filters of the dialog as they are being typed. Empty: no filter. */
export type FilterForm = Readonly<
  Record<
    'model' | 'user' | 'accessKey' | 'providerKey' | 'transport' | 'cost' | 'duration' | 'from' | 'to',
    string
  >
>;

export type FilterField = keyof FilterForm;
export type FilterProblem = { field: FilterField; message: SessionMessage };

const pad = (value: number) => String(value).padStart(2, '0');

/** `2026-11-22T05:30` on the reader's clock, as a field for a date and a time wants it. */
export function toLocalText(iso: string): string {
  const at = new Date(iso);
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${day}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

function toIso(local: string): string | null {
  const at = new Date(local);
  return local === '' || Number.isNaN(at.getTime()) ? null : at.toISOString();
}

export function toForm(filter: SessionFilter): FilterForm {
  return {
    model: filter.model ?? '',
    user: filter.user ?? '',
    accessKey: filter.accessKey ?? '',
    providerKey: filter.providerKey ?? '',
    transport: filter.transport ?? '',
    cost: filter.minCostMicroUsd === null ? '' : toDollarText(filter.minCostMicroUsd),
    duration: filter.minSeconds === null ? '' : String(filter.minSeconds),
    from: filter.from === null ? '' : toLocalText(filter.from),
    to: filter.to === null ? '' : toLocalText(filter.to),
  };
}

/** The first field that cannot be searched for. */
export function findFormProblem(form: FilterForm): FilterProblem | null {
  if (form.cost.trim() !== '' && parseDollars(form.cost) === null)
    return { field: 'cost', message: 'wrong.cost' };
  if (form.duration.trim() !== '' && parseSeconds(form.duration) === null)
    return { field: 'duration', message: 'wrong.duration' };
  const [from, to] = [toIso(form.from), toIso(form.to)];
  return from !== null && to !== null && to <= from ? { field: 'to', message: 'wrong.time' } : null;
}

const orNull = (text: string) => (text.trim() === '' ? null : text.trim());

/** The rest of the filter stays as it is. Only for a form without a problem. */
export function toFilter(form: FilterForm, before: SessionFilter): SessionFilter {
  return {
    ...before,
    model: orNull(form.model),
    user: orNull(form.user),
    accessKey: orNull(form.accessKey),
    providerKey: orNull(form.providerKey),
    transport: form.transport === 'webrtc' || form.transport === 'websocket' ? form.transport : null,
    minCostMicroUsd: parseDollars(form.cost),
    minSeconds: parseSeconds(form.duration),
    from: toIso(form.from),
    to: toIso(form.to),
  };
}

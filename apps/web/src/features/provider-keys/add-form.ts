import type { KeyMessage } from './key-text.ts';

export type AddInput = { provider: string; name: string; key: string; limitDomain: string; weight: string };

export type AddField = 'name' | 'key' | 'limitDomain' | 'weight';

export type AddProblem = { field: AddField; message: KeyMessage };

const MAX_WEIGHT = 100;
const LIMIT_DOMAIN = /^[\w.:-]{0,128}$/;

/** The first field that cannot be sent; the shape of the key is the server's to judge. */
export function findAddProblem(input: AddInput): AddProblem | null {
  if (input.name.trim() === '') return { field: 'name', message: 'missing.name' };
  if (input.key === '') return { field: 'key', message: 'missing.key' };
  if (!LIMIT_DOMAIN.test(input.limitDomain.trim())) return { field: 'limitDomain', message: 'wrong.domain' };
  const weight = Number(input.weight);
  const isWeight = Number.isInteger(weight) && weight >= 1 && weight <= MAX_WEIGHT;
  return isWeight ? null : { field: 'weight', message: 'wrong.weight' };
}

export type AddRequest = {
  provider: string;
  name: string;
  key: string;
  limitDomain?: string;
  weight: number;
};

export function toAddRequest(input: AddInput): AddRequest {
  const limitDomain = input.limitDomain.trim();
  return {
    provider: input.provider,
    name: input.name.trim(),
    key: input.key,
    weight: Number(input.weight),
    ...(limitDomain === '' ? {} : { limitDomain }),
  };
}

function readField(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

const REFUSED: Readonly<Record<string, AddProblem>> = {
  name: { field: 'name', message: 'wrong.name' },
  key: { field: 'key', message: 'wrong.key' },
  limitDomain: { field: 'limitDomain', message: 'wrong.domain' },
  weight: { field: 'weight', message: 'wrong.weight' },
};

/** The field that the server refused, when it is one of the form's. */
export function findRefusedField(error: unknown): AddProblem | null {
  const data = readField(error, 'data');
  if (readField(data, 'appCode') !== 'invalid_request') return null;
  const param = readField(readField(data, 'details'), 'param');
  return typeof param === 'string' ? (REFUSED[param] ?? null) : null;
}

import type * as z from 'zod';

/** A refusal as the provider words it, for a REST body or an `error` event. */
export type Refusal = { message: string; param: string | null; code: string | null };

type Issue = z.core.$ZodIssue;

const quote = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value));

const join = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');

function find(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isIndexable(value) ? Reflect.get(value, key) : undefined),
    input,
  );
}

const isIndexable = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Ours count characters and numbers; the provider's own codes name what was too small or too big. */
const SIZE_KINDS: Readonly<Record<string, { noun: string; unit: string; code: string }>> = {
  string: { noun: 'string', unit: ' characters', code: 'string' },
  array: { noun: 'array', unit: ' items', code: 'array' },
  int: { noun: 'integer', unit: '', code: 'integer' },
  number: { noun: 'decimal', unit: '', code: 'decimal' },
};

function describeSize(
  issue: Extract<Issue, { code: 'too_small' | 'too_big' }>,
  param: string,
  got: unknown,
): Refusal {
  const isSmall = issue.code === 'too_small';
  const bound = Number(isSmall ? issue.minimum : issue.maximum);
  const origin = issue.origin === 'number' && Number.isInteger(got) ? 'int' : issue.origin;
  const kind = SIZE_KINDS[origin] ?? { noun: 'value', unit: '', code: 'value' };
  const hasLength = kind.unit !== '';
  const size =
    hasLength && isIndexable(got) ? Reflect.get(got, 'length') : typeof got === 'string' ? got.length : got;
  if (hasLength) {
    const word = isSmall ? 'too short' : 'too long';
    const limit = `${isSmall ? 'minimum' : 'maximum'} length ${bound}`;
    return {
      message: `Invalid '${param}': ${kind.noun} ${word}. Expected ${limit}, but got length ${String(size)} instead.`,
      param,
      code: `${kind.code}_${isSmall ? 'below_min_length' : 'above_max_length'}`,
    };
  }
  return {
    message: `Invalid '${param}': ${kind.noun} ${isSmall ? 'below minimum' : 'above maximum'} value. Expected a value ${isSmall ? '>=' : '<='} ${bound}, but got ${String(got)} instead.`,
    param,
    code: `${kind.code}_${isSmall ? 'below_min_value' : 'above_max_value'}`,
  };
}

const ARTICLES: Readonly<Record<string, string>> = {
  int: 'an integer',
  array: 'an array',
  object: 'an object',
  record: 'an object',
};

const typeName = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (Number.isInteger(value)) return 'an integer';
  if (typeof value === 'number') return 'a decimal';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

const missing = (param: string): Refusal => ({
  message: `Missing required parameter: '${param}'.`,
  param,
  code: 'missing_required_parameter',
});

function describeType(expected: string, param: string, got: unknown): Refusal {
  if (got === undefined) return missing(param);
  const wanted = ARTICLES[expected] ?? `a ${expected}`;
  return {
    message: `Invalid type for '${param}': expected ${wanted}, but got ${typeName(got)} instead.`,
    param,
    code: 'invalid_type',
  };
}

function describeValue(param: string, got: unknown, supported: readonly unknown[]): Refusal {
  if (got === undefined) return missing(param);
  const values = supported.length === 0 ? '' : ` Supported values are: ${supported.map(quote).join(', ')}.`;
  return { message: `Invalid value: ${quote(got)}.${values}`, param, code: 'invalid_value' };
}

/** Of a union's branches the one that got furthest into the value says the most. */
function deepest(branches: readonly (readonly Issue[])[]): Issue | undefined {
  const first = branches.map((issues) => issues[0]).filter((issue) => issue !== undefined);
  return first.toSorted((a, b) => b.path.length - a.path.length)[0];
}

function describeIssue(issue: Issue, input: unknown, prefix: readonly PropertyKey[]): Refusal {
  const path = [...prefix, ...issue.path];
  const param = join(path);
  const got = find(input, path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const unknown = join([...path, issue.keys[0] ?? '']);
      return { message: `Unknown parameter: '${unknown}'.`, param: unknown, code: 'unknown_parameter' };
    }
    case 'invalid_type':
      return describeType(issue.expected, param, got);
    case 'invalid_value':
      return describeValue(param, got, issue.values);
    case 'too_small':
    case 'too_big':
      return describeSize(issue, param, got);
    case 'invalid_union': {
      const branch = issue.path.length > 0 || issue.errors.length > 0 ? deepest(issue.errors) : undefined;
      return branch === undefined ? describeValue(param, got, []) : describeIssue(branch, input, path);
    }
    default:
      return {
        message: `Invalid '${param}': ${issue.message}.`,
        param: param === '' ? null : param,
        code: 'invalid_value',
      };
  }
}

/** The first thing wrong with `input`, in the provider's words. */
export function describeRefusal(error: z.core.$ZodError, input: unknown): Refusal {
  const issue = error.issues[0];
  if (issue === undefined) return { message: 'Invalid request.', param: null, code: null };
  return describeIssue(issue, input, []);
}

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

type SizeIssue = Extract<Issue, { code: 'too_small' | 'too_big' }>;

function describeLength(issue: SizeIssue, param: string, got: string | unknown[]): Refusal {
  const noun = typeof got === 'string' ? 'string' : 'array';
  const [word, limit, code] =
    issue.code === 'too_small'
      ? ['short', `minimum length ${issue.minimum}`, 'below_min_length']
      : ['long', `maximum length ${issue.maximum}`, 'above_max_length'];
  return {
    message: `Invalid '${param}': ${noun} too ${word}. Expected ${limit}, but got length ${got.length} instead.`,
    param,
    code: `${noun}_${code}`,
  };
}

function describeSize(issue: SizeIssue, param: string, got: unknown): Refusal {
  if (typeof got === 'string' || Array.isArray(got)) return describeLength(issue, param, got);
  const [word, limit, code] =
    issue.code === 'too_small'
      ? ['below minimum', `>= ${issue.minimum}`, 'below_min_value']
      : ['above maximum', `<= ${issue.maximum}`, 'above_max_value'];
  const bound = Number(issue.code === 'too_small' ? issue.minimum : issue.maximum);
  const noun = Number.isInteger(got) && Number.isInteger(bound) ? 'integer' : 'decimal';
  return {
    message: `Invalid '${param}': ${noun} ${word} value. Expected a value ${limit}, but got ${String(got)} instead.`,
    param,
    code: `${noun}_${code}`,
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
  const named = param === '' ? 'the request body' : `'${param}'`;
  return {
    message: `Invalid type for ${named}: expected ${wanted}, but got ${typeName(got)} instead.`,
    param: param === '' ? null : param,
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

function describeUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  at: { path: PropertyKey[]; param: string; got: unknown },
  input: unknown,
): Refusal {
  const branch = deepest(issue.errors);
  if (branch !== undefined) return describeIssue(branch, input, at.path);
  return describeValue(
    at.param,
    at.got,
    'options' in issue && Array.isArray(issue.options) ? issue.options : [],
  );
}

function describeIssue(issue: Issue, input: unknown, prefix: readonly PropertyKey[]): Refusal {
  const path = [...prefix, ...issue.path];
  const param = join(path);
  const got = find(input, path);
  if (issue.code === 'unrecognized_keys') {
    const unknown = join([...path, issue.keys[0] ?? '']);
    return { message: `Unknown parameter: '${unknown}'.`, param: unknown, code: 'unknown_parameter' };
  }
  if (issue.code === 'invalid_type') return describeType(issue.expected, param, got);
  if (issue.code === 'invalid_value') return describeValue(param, got, issue.values);
  if (issue.code === 'too_small' || issue.code === 'too_big') return describeSize(issue, param, got);
  if (issue.code === 'invalid_union') return describeUnion(issue, { path, param, got }, input);
  return {
    message: `Invalid '${param}': ${issue.message}.`,
    param: param === '' ? null : param,
    code: 'invalid_value',
  };
}

/** The first thing wrong with `input`, in the provider's words. */
export function describeRefusal(error: z.core.$ZodError, input: unknown): Refusal {
  const issue = error.issues[0];
  if (issue === undefined) return { message: 'Invalid request.', param: null, code: null };
  return describeIssue(issue, input, []);
}

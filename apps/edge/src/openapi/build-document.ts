import type { AppErrorCode } from '@ephemera/api';

import type { Route } from '../app.ts';
import { VERSION } from '../version.ts';
import { HEADERS, REQUEST_HEADERS, REQUEST_PARAMETERS } from './headers.ts';
import { ERROR_SCHEMAS, type ErrorExample, renderErrors } from './error-shapes.ts';
import type { Answer, Method, Named, Operation, OperationKey, Operations } from './operation.ts';
import { SECURITY_SCHEMES, toSecurity } from './security.ts';
import { describeFields } from './describe-fields.ts';
import { type JsonSchema, toComponents, toParameters } from './to-json-schema.ts';

const DESCRIPTION = `Ephemera hands out short-lived credentials for realtime voice apps, and lets machines find each other and talk.

Everything is also there as typed procedures (tRPC) under \`/trpc\`. Every answer carries \`X-Request-Id\`; tell it to whoever looks into a problem.
Errors have the shape of the contract they belong to. Money is in micro-USD (1 USD = 1,000,000), times are ISO 8601 unless their description says otherwise.`;

const JSON_TYPE = 'application/json';

export type OpenApiDocument = { [name: string]: unknown };
type RouteOperation = { key: OperationKey; method: Method; path: string; route: Route; operation: Operation };

const ref = (kind: string, name: string): JsonSchema => ({ $ref: `#/components/${kind}/${name}` });

/** `/nodes/:id` as the document writes it. */
export function toOpenApiPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

export function keyOf(method: Method, path: string): OperationKey {
  return `${method} /${toOpenApiPath(path).slice(1)}`;
}

/** What is not for callers: a test compares this list with the table of routes. */
export const NOT_PUBLIC: readonly OperationKey[] = [
  'GET /trpc/*',
  'POST /trpc/*',
  'GET /api/auth/*',
  'POST /api/auth/*',
  'GET /api/demo',
];

/** Throws where a route is described nowhere, or something is described that is no route. */
export function listOperations(routes: readonly Route[], operations: Operations): RouteOperation[] {
  const found = routes.flatMap((route) =>
    route.methods.flatMap((method): RouteOperation[] => {
      const key = keyOf(method, route.path);
      if (NOT_PUBLIC.includes(key)) return [];
      const operation = operations[key];
      if (operation === undefined) throw new TypeError(`Nothing in src/openapi/operations describes ${key}.`);
      return [{ key, method, path: toOpenApiPath(route.path), route, operation }];
    }),
  );
  const known = new Set<string>(found.map(({ key }) => key));
  const unknown = Object.keys(operations).filter((key) => !known.has(key));
  if (unknown.length > 0) throw new TypeError(`There is no such route: ${unknown.join(', ')}.`);
  return found;
}

function codesOf({ route, operation }: RouteOperation): AppErrorCode[] {
  const { access, methods } = route;
  const isClosed = access !== 'public';
  const codes = new Set<AppErrorCode>([
    ...(isClosed ? (['unauthenticated'] as const) : []),
    ...(isClosed && !['metrics_token'].includes(access) && !access.startsWith('internal-keys:')
      ? (['token_expired', 'insufficient_scope', 'forbidden'] as const)
      : []),
    ...(operation.body === undefined ? [] : (['payload_too_large', 'unsupported_media_type'] as const)),
    ...(operation.body === undefined && operation.query === undefined ? [] : (['invalid_request'] as const)),
    ...(operation.path === undefined ? [] : (['not_found'] as const)),
    ...(operation.errors ?? []),
    ...(methods.length > 0 ? (['internal'] as const) : []),
  ]);
  return [...codes];
}

function exampleName(route: Route, { name }: ErrorExample): string {
  return `${ERROR_SCHEMAS.get(route.shape)?.name ?? 'Error'}.${name}`;
}

const ERROR_TEXTS: Record<number, string> = {
  400: 'The request is not valid.',
  401: 'Nobody knows who asks.',
  402: 'The budget is used up.',
  403: 'The caller may not do this.',
  404: 'There is no such thing, or it is not for this caller.',
  409: 'It clashes with what is there already.',
  413: 'The body is too large.',
  415: 'The body has another content type.',
  422: 'A field is not valid.',
  429: 'Too much at once.',
  500: 'Something went wrong on our side.',
  502: 'The provider refused, or made no sense.',
  503: 'Not at the moment.',
  504: 'The provider did not answer in time.',
  507: 'There is no room for it.',
};

function toErrorAnswer(route: Route, examples: readonly ErrorExample[]): JsonSchema {
  const [first] = examples;
  if (first === undefined) throw new TypeError('An error without an example.');
  const schema = ERROR_SCHEMAS.get(route.shape);
  if (schema === undefined) throw new TypeError(`Nothing describes the errors of ${route.path}.`);
  const headers = new Set(['x-request-id', ...examples.flatMap((it) => it.headers)]);
  return {
    description: ERROR_TEXTS[first.status] ?? 'An error.',
    headers: toHeaders([...headers]),
    content: {
      [first.contentType]: {
        schema: ref('schemas', schema.name),
        examples: Object.fromEntries(
          examples.map((it) => [it.name, ref('examples', exampleName(route, it))]),
        ),
      },
    },
  };
}

function toHeaders(names: readonly string[]): JsonSchema {
  const known = names.filter((name) => HEADERS[name] !== undefined).toSorted();
  return Object.fromEntries(known.map((name) => [HEADERS[name]?.name ?? name, ref('headers', name)]));
}

function toAnswer({ description, body, contentTypes = [JSON_TYPE], headers = [] }: Answer): JsonSchema {
  const media =
    'text' in body
      ? { schema: { type: 'string' }, example: body.text }
      : { schema: ref('schemas', body.name) };
  return {
    description,
    headers: toHeaders(['x-request-id', ...headers]),
    content: Object.fromEntries(contentTypes.map((type) => [type, media])),
  };
}

function toRequestParameters({ operation, key }: RouteOperation): JsonSchema[] {
  const names = [...key.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
  const inPath = names.map((name) => {
    const description = operation.path?.[name];
    if (description === undefined) throw new TypeError(`Nothing says what {${name}} of ${key} is.`);
    return { name, in: 'path', required: true, description, schema: { type: 'string' } };
  });
  const inQuery = (operation.query === undefined ? [] : toParameters(operation.query)).map(
    ({ name, isRequired, schema }) => ({
      name,
      in: 'query',
      required: isRequired,
      ...(operation.fields?.[name] === undefined ? {} : { description: operation.fields[name] }),
      schema,
      // A list is one text with commas.
      ...(schema['type'] === 'array' ? { style: 'form', explode: false } : {}),
    }),
  );
  const inHeader = (operation.headers ?? []).map(({ name, description, isRequired = false }) => ({
    name,
    in: 'header',
    required: isRequired,
    description,
    schema: { type: 'string' },
  }));
  return [...inPath, ...inQuery, ...inHeader, ...REQUEST_HEADERS.map((name) => ref('parameters', name))];
}

function toRequestBody({ body }: Operation): JsonSchema {
  if (body === undefined) return {};
  const { name, contentTypes = [JSON_TYPE], isOptional = false, example } = body;
  const media = { schema: ref('schemas', name), example };
  return {
    requestBody: {
      required: !isOptional,
      content: Object.fromEntries(contentTypes.map((type) => [type, media])),
    },
  };
}

function groupByStatus(examples: readonly ErrorExample[]): Map<number, ErrorExample[]> {
  const groups = new Map<number, ErrorExample[]>();
  for (const example of examples.toSorted((a, b) => a.status - b.status)) {
    groups.set(example.status, [...(groups.get(example.status) ?? []), example]);
  }
  return groups;
}

/** A status that stands for an answer and for an error has both contents. */
function mergeAnswers(error: JsonSchema, answer: JsonSchema): JsonSchema {
  const merge = (name: string): JsonSchema => ({ ...Object(error[name]), ...Object(answer[name]) });
  return { ...answer, headers: merge('headers'), content: merge('content') };
}

type Shared = { examples: Record<string, JsonSchema>; responses: Record<string, JsonSchema> };

/** What several routes answer alike stands in the document once. */
function share(responses: Record<string, JsonSchema>, name: string, response: JsonSchema): JsonSchema {
  const text = JSON.stringify(response);
  for (let number = 1; ; number += 1) {
    const numbered = number === 1 ? name : `${name}.${number}`;
    const known = responses[numbered];
    if (known !== undefined && JSON.stringify(known) !== text) continue;
    responses[numbered] = response;
    return ref('responses', numbered);
  }
}

async function toOperation(it: RouteOperation, shared: Shared): Promise<JsonSchema> {
  const { route, operation } = it;
  const { id, tag, summary, description, security = toSecurity(route.access) } = operation;
  const hasInput = operation.body !== undefined || operation.query !== undefined;
  const errors = await renderErrors(route.shape, codesOf(it), hasInput);
  for (const error of errors) {
    shared.examples[exampleName(route, error)] = { summary: error.code, value: error.body };
  }
  const responses: Record<string, JsonSchema> = {};
  for (const [status, group] of groupByStatus(errors)) {
    const error = toErrorAnswer(route, group);
    const answer = operation.answers[status];
    const name = `${ERROR_SCHEMAS.get(route.shape)?.name ?? 'Error'}.${status}`;
    if (answer === undefined) responses[status] = share(shared.responses, name, error);
    else responses[status] = mergeAnswers(error, toAnswer(answer));
  }
  for (const [status, answer] of Object.entries(operation.answers)) responses[status] ??= toAnswer(answer);
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    security,
    parameters: toRequestParameters(it),
    ...toRequestBody(operation),
    responses,
  };
}

function toSchemas(found: readonly RouteOperation[]): Record<string, JsonSchema> {
  const bodies = found.flatMap(({ operation: { body } }): Named[] => (body === undefined ? [] : [body]));
  const answers = found.flatMap(({ operation }) =>
    Object.values(operation.answers).flatMap(({ body }): Named[] => ('text' in body ? [] : [body])),
  );
  const inputs = toComponents(bodies, 'input');
  const outputs = toComponents([...answers, ...ERROR_SCHEMAS.values()], 'output');
  const twice = Object.keys(inputs).filter((name) => outputs[name] !== undefined);
  if (twice.length > 0) throw new TypeError(`Both asked and answered: ${twice.join(', ')}.`);
  return { ...inputs, ...outputs };
}

const TAGS: readonly { name: Operation['tag']; description: string }[] = [
  { name: 'Tokens', description: 'Ephemeral credentials for a client that talks to the provider itself.' },
  { name: 'Sessions', description: 'What became of a token: its end, and what was used.' },
  { name: 'Account', description: 'Who the caller is, what it may do, and what it has left.' },
  { name: 'Provider keys', description: 'For services of this deployment that need a healthy key now.' },
  { name: 'Nodes', description: 'Machines that prove who they are with an RSA key, and find each other.' },
  { name: 'Messages', description: 'Durable messages between nodes, delivered at least once.' },
  { name: 'Operations', description: 'Health, metrics, keys to verify with, first set-up.' },
];

/** The document of everything that is public, from the routes, the schemas that validate and the errors as they are written. */
export async function buildDocument(
  routes: readonly Route[],
  operations: Operations,
): Promise<OpenApiDocument> {
  const found = listOperations(routes, operations);
  const schemas = toSchemas(found);
  const shared: Shared = { examples: {}, responses: {} };
  const paths: Record<string, JsonSchema> = {};
  for (const it of found) {
    const methods = paths[it.path] ?? {};
    methods[it.method.toLowerCase()] = describeFields(it.operation, schemas, await toOperation(it, shared));
    paths[it.path] = methods;
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Ephemera',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This deployment.' }],
    tags: TAGS,
    paths,
    components: {
      securitySchemes: SECURITY_SCHEMES,
      parameters: REQUEST_PARAMETERS,
      headers: Object.fromEntries(
        Object.entries(HEADERS).map(([name, { description, schema }]) => [name, { description, schema }]),
      ),
      schemas,
      ...shared,
    },
  };
}

import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import * as z from 'zod';

import { HEADERS } from '../../src/openapi/headers.ts';

const responseSchema = z.looseObject({
  headers: z.record(z.string(), z.unknown()).optional(),
  content: z.record(z.string(), z.looseObject({})).optional(),
});
const operationSchema = z.looseObject({
  operationId: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ example: z.unknown() })) })
    .optional(),
  responses: z.record(z.string(), z.looseObject({ $ref: z.string().optional() })),
});
const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.looseObject({ responses: z.record(z.string(), responseSchema) }),
});

/** As it is checked in, and served. */
export function readDocument(): unknown {
  return JSON.parse(readFileSync(new URL('../../../web/public/openapi.json', import.meta.url), 'utf8'));
}

export type DocumentedOperation = {
  key: string;
  method: string;
  path: string;
  isOpen: boolean;
  hasBody: boolean;
  example: unknown;
  statuses: readonly number[];
};

const escape = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1');

/** Holds answers against the document. */
export function openDocument() {
  const raw = readDocument();
  const document = documentSchema.parse(raw);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(z.record(z.string(), z.unknown()).parse(raw), 'openapi.json');

  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): DocumentedOperation => {
      const body = operation.requestBody?.content['application/json'];
      return {
        key: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        isOpen:
          operation.security.length === 0 || operation.security.some((it) => Object.keys(it).length === 0),
        hasBody: body !== undefined,
        example: body?.example,
        statuses: Object.keys(operation.responses).map(Number),
      };
    }),
  );

  function findResponse(key: string, status: number) {
    const [method = '', path = ''] = key.split(' ');
    const named = document.paths[path]?.[method.toLowerCase()]?.responses[String(status)];
    if (named === undefined) return null;
    const shared = named.$ref?.replace('#/components/responses/', '');
    if (shared === undefined) {
      const pointer = `paths/${escape(path)}/${method.toLowerCase()}/responses/${status}`;
      return { response: responseSchema.parse(named), pointer };
    }
    const response = document.components.responses[shared];
    return response === undefined ? null : { response, pointer: `components/responses/${escape(shared)}` };
  }

  function validate(pointer: string, contentType: string, body: unknown): string[] {
    const $ref = `openapi.json#/${pointer}/content/${escape(contentType)}/schema`;
    const check = ajv.compile({ $ref: encodeURI($ref) });
    return check(body) ? [] : (check.errors ?? []).map((it) => `${it.instancePath} ${it.message ?? ''}`);
  }

  return {
    operations,
    /** What an answer has that the document does not say; empty where it says all. */
    compare: async (key: string, answer: Response): Promise<string[]> => {
      const text = await answer.text();
      const found = findResponse(key, answer.status);
      if (found === null) return [`${answer.status} is not documented: ${text.slice(0, 200)}`];
      const contentType = answer.headers.get('content-type') ?? '';
      if (found.response.content?.[contentType] === undefined) return [`${contentType} is not documented`];
      const known = Object.keys(found.response.headers ?? {});
      const headers = Object.values(HEADERS)
        .map(({ name }) => name)
        .filter((name) => name !== 'Cache-Control' && answer.headers.has(name) && !known.includes(name))
        .map((name) => `the header ${name} is not documented`);
      const body: unknown = contentType.includes('json') ? JSON.parse(text) : text;
      return [...headers, ...validate(found.pointer, contentType, body)];
    },
  };
}

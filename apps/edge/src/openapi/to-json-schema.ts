import * as z from 'zod';

import type { Named } from './operation.ts';

export type JsonSchema = { [name: string]: unknown };
type Direction = 'input' | 'output';

function isRecord(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What only says that a number in JavaScript is exact. */
function dropSafeBounds(schema: JsonSchema): void {
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
}

/** A pattern in a document has no flags: one that needs them would mean something else there. */
function checkFlags(schema: z.core.$ZodTypes): void {
  if (schema._zod.def.type !== 'string') return;
  for (const check of schema._zod.def.checks ?? []) {
    const pattern: unknown = Reflect.get(check._zod.def, 'pattern');
    if (pattern instanceof RegExp && pattern.flags.includes('i')) {
      throw new TypeError(`The pattern ${String(pattern)} cannot be written in an OpenAPI document.`);
    }
  }
}

const OPTIONS = {
  target: 'draft-2020-12',
  unrepresentable: 'any',
  reused: 'inline',
  override: ({ zodSchema, jsonSchema }) => {
    checkFlags(zodSchema);
    if (!isRecord(jsonSchema)) return;
    dropSafeBounds(jsonSchema);
    // The format says it in one word.
    if (jsonSchema['format'] === 'date-time') delete jsonSchema['pattern'];
    // A word of zod alone; the pattern beside it says the same.
    if (jsonSchema['format'] === 'starts_with') delete jsonSchema['format'];
  },
} as const satisfies z.core.ToJSONSchemaParams;

const NOT_OF_A_COMPONENT = ['$id', '$schema', '~standard'];

function withoutIds(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !NOT_OF_A_COMPONENT.includes(name)));
}

function toReference(name: string): string {
  return `#/components/schemas/${name}`;
}

/** Component schemas from the schemas that validate; one that holds another one refers to it. */
export function toComponents(schemas: readonly Named[], io: Direction): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  const known = new Map<string, z.ZodType>();
  for (const { name, schema } of schemas) {
    const other = known.get(name);
    if (other !== undefined && other !== schema) throw new TypeError(`Two schemas are called ${name}.`);
    if (other === undefined) registry.add(schema, { id: name });
    known.set(name, schema);
  }
  const made = z.toJSONSchema(registry, { ...OPTIONS, io, uri: toReference });
  return Object.fromEntries(
    Object.entries(made.schemas).map(([name, schema]) => [name, withoutIds({ ...schema })]),
  );
}

export type Parameter = { name: string; isRequired: boolean; schema: JsonSchema };

/** The fields of a query, as what they are after they were read. */
export function toParameters(query: z.ZodObject): Parameter[] {
  const { properties, required } = z.toJSONSchema(query, { ...OPTIONS, io: 'output' });
  return Object.entries(properties ?? {}).map(([name, schema]) => ({
    name,
    isRequired: required?.includes(name) === true,
    schema: isRecord(schema) ? schema : {},
  }));
}

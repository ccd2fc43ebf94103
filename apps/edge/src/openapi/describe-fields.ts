import type { Operation } from './operation.ts';
import type { JsonSchema } from './to-json-schema.ts';

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema of a field by its path; `[]` stands for the items of a list. */
function findField(schema: JsonSchema, path: readonly string[]): JsonSchema | null {
  const [name, ...rest] = path;
  if (name === undefined) return schema;
  const next = name === '[]' ? schema['items'] : isSchema(schema['properties']) && schema['properties'][name];
  return isSchema(next) ? findField(next, rest) : null;
}

/** Writes what fields mean into the schemas. Throws where there is no such field, so that no text outlives what it is about. */
export function describeFields(
  { id, fields = {}, query, body, answers }: Operation,
  schemas: Readonly<Record<string, JsonSchema>>,
  operation: JsonSchema,
): JsonSchema {
  const names = [
    ...(body === undefined ? [] : [body.name]),
    ...Object.values(answers).flatMap((answer) => ('name' in answer.body ? [answer.body.name] : [])),
  ];
  for (const [path, description] of Object.entries(fields)) {
    const found = names
      .map((name) => findField(schemas[name] ?? {}, path.split('.')))
      .filter((schema) => schema !== null);
    const isOfQuery = query !== undefined && path in query.shape;
    if (found.length === 0 && !isOfQuery) throw new TypeError(`${id} has no field ${path}.`);
    for (const schema of found) Object.assign(schema, { description });
  }
  return operation;
}

import { digestLink, formatLink, withLinks } from './audit-chain.ts';
import type { Links } from './audit-chain.ts';
import type { Statement, WriteResult } from './statement.ts';

/** Each conditional entry doubles what may be the last hash after it. */
const MAX_CONDITIONAL = 6;

export type LinkPlan = {
  statements: readonly Statement[];
  /** The last hash after the statements, by what they did. */
  headAfter: (results: readonly Pick<WriteResult, 'rowsAffected'>[]) => string;
};

async function findLinks(heads: readonly string[], statement: Statement): Promise<Links> {
  const { audit } = statement;
  if (audit === undefined) return {};
  const pairs = heads.map(async (head) => [head, await digestLink(formatLink(head, audit.record))] as const);
  return Object.fromEntries(await Promise.all(pairs));
}

/**
 * For a database in which nothing can be computed between two statements: each entry is sent with its hash for every way
 * in which the conditional ones before it can turn out.
 */
export async function planLinks(statements: readonly Statement[], head: string): Promise<LinkPlan> {
  let heads: readonly string[] = [head];
  const planned: Statement[] = [];
  const linksAt = new Map<number, Links>();
  for (const [index, statement] of statements.entries()) {
    if (statement.audit === undefined) {
      planned.push(statement);
      continue;
    }
    const links = await findLinks(heads, statement);
    linksAt.set(index, links);
    planned.push(withLinks(statement, links));
    heads = statement.audit.isConditional ? [...heads, ...Object.values(links)] : Object.values(links);
  }
  return {
    statements: planned,
    headAfter: (results) =>
      results.reduce((last, { rowsAffected }, index) => {
        const next = rowsAffected > 0 ? linksAt.get(index)?.[last] : undefined;
        return next ?? last;
      }, head),
  };
}

export function countConditional(statements: readonly Statement[]): number {
  return statements.filter(({ audit }) => audit?.isConditional === true).length;
}

export function isTooLongToPlan(statements: readonly Statement[]): boolean {
  return countConditional(statements) > MAX_CONDITIONAL;
}

/** Consecutive parts, each short enough to be planned as a whole; a part longer than that stands alone. */
export function splitToPlan<Part>(
  parts: readonly Part[],
  statementsOf: (part: Part) => readonly Statement[],
): Part[][] {
  const groups: Part[][] = [];
  let room = 0;
  for (const part of parts) {
    const needed = countConditional(statementsOf(part));
    const last = groups.at(-1);
    if (last === undefined || needed > room) {
      groups.push([part]);
      room = MAX_CONDITIONAL - needed;
    } else {
      last.push(part);
      room -= needed;
    }
  }
  return groups;
}

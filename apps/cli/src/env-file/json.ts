import { CliError, EXIT } from '../cli-error.ts';

type Member = { name: unknown; start: number; end: number };

/** The text with one string member of its object set: in its place, else at the end; all else stays byte for byte. */
export function replaceInJson(text: string, { name, value }: { name: string; value: string }): string {
  const member = JSON.stringify(value);
  if (text.trim() === '') return `{\n  ${JSON.stringify(name)}: ${member}\n}\n`;
  requireObject(text);
  const members = listMembers(text);
  const same = members.filter((known) => known.name === name);
  if (same.length === 0) return append(text, members, `${JSON.stringify(name)}: ${member}`);
  return same.reduceRight(
    (changed, { start, end }) => changed.slice(0, start) + member + changed.slice(end),
    text,
  );
}

function requireObject(text: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Without the parser's own message: it may quote the file, which holds secrets.
    throw new CliError(EXIT.failed, 'The file is not valid JSON; it was left as it is.');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw new CliError(EXIT.failed, 'The file holds JSON, but no object; it was left as it is.');
}

const STRING = /"(?:[^"\\]|\\.)*"/y;
const SPACE = /\s*/y;

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/** The members of a valid object, by where their values stand. */
function listMembers(text: string): Member[] {
  const members: Member[] = [];
  let at = text.indexOf('{') + 1;
  for (;;) {
    at += matchAt(SPACE, text, at).length;
    const name = matchAt(STRING, text, at);
    if (name === '') return members;
    const start = skipSpace(text, skipSpace(text, at + name.length) + 1);
    const end = endOfValue(text, start);
    members.push({ name: JSON.parse(name), start, end });
    at = skipSpace(text, end) + 1;
  }
}

function skipSpace(text: string, at: number): number {
  return at + matchAt(SPACE, text, at).length;
}

function endOfValue(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const character = text[at] ?? '';
    if (depth === 0 && /[,}\s]/.test(character)) return at;
    if (/[[{]/.test(character)) depth += 1;
    if (/[\]}]/.test(character)) depth -= 1;
    at += character === '"' ? matchAt(STRING, text, at).length : 1;
  }
  return at;
}

function append(text: string, members: readonly Member[], member: string): string {
  const open = text.indexOf('{') + 1;
  const end = members.at(-1)?.end ?? open;
  const before = matchAt(SPACE, text, open) || (members.length === 0 ? '' : ' ');
  return `${text.slice(0, end)}${members.length === 0 ? '' : ','}${before}${member}${text.slice(end)}`;
}

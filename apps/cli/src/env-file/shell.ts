import { endOfLine, nextLine, skipByteOrderMark } from './dotenv.ts';

const ASSIGNMENT = /^[ \t]*(?:(?:export|readonly|declare -x)[ \t]+)?([A-Za-z_]\w*)=/;

type Span = { start: number; end: number };

/** Every value of `name` that a line begins with assigning, quotes and all. */
export function findShellValues(text: string, name: string): Span[] {
  const spans: Span[] = [];
  let at = skipByteOrderMark(text);
  while (at < text.length) {
    const match = ASSIGNMENT.exec(text.slice(at, endOfLine(text, at)));
    const start = at + (match?.[0].length ?? 0);
    const end = match === null ? at : endOfWord(text, start);
    if (match?.[1] === name) spans.push({ start, end });
    at = nextLine(text, end);
  }
  return spans;
}

/** The end of a shell word: plain characters, escapes and quoted parts, which may span lines. */
function endOfWord(text: string, start: number): number {
  let at = start;
  while (at < text.length && !/[ \t\r\n;&|]/.test(text[at] ?? '')) at = endOfPart(text, at);
  return Math.min(at, text.length);
}

function endOfPart(text: string, at: number): number {
  const character = text[at];
  if (character === '\\') return at + 2;
  if (character !== "'" && character !== '"') return at + 1;
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === '\\' && character === '"') end += 1;
    else if (text[end] === character) return end + 1;
  }
  return text.length;
}

/** In single quotes nothing has a meaning but the single quote itself. */
export function quoteShell(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`;
}

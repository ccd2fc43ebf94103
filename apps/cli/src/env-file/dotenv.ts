import { CliError, EXIT } from '../cli-error.ts';

/** Where a value stands in a text: `raw` includes its quotes. */
export type ValueSpan = { start: number; end: number; quote: '' | '"' | "'" | '`' };

const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*(?:=[ \t]*|:[ \t]+)/;
const PLAIN = /^[\w.\-:/+=@~%,]+$/;

/**
 * Every value of `name`, in order. Values in quotes may span lines, as dotenv and Node read them, so that a line inside
 * another's value is not mistaken for an assignment.
 */
export function findDotenvValues(text: string, name: string): ValueSpan[] {
  const spans: ValueSpan[] = [];
  let at = skipByteOrderMark(text);
  while (at < text.length) {
    const match = ASSIGNMENT.exec(text.slice(at, endOfLine(text, at)));
    const span = match === null ? null : readValue(text, at + match[0].length);
    if (span !== null && match?.[1] === name) spans.push(span);
    at = nextLine(text, span?.end ?? at);
  }
  return spans;
}

function readValue(text: string, start: number): ValueSpan {
  const quote = text[start];
  if (quote === '"' || quote === "'" || quote === '`') {
    const end = findClosing(text, start + 1, quote);
    if (end !== -1) return { start, end: end + 1, quote };
  }
  const line = text.slice(start, endOfLine(text, start));
  const value = /^(?:[^# \t]|[ \t]+(?!#|[ \t]|$)|(?<=[^ \t])#)*/.exec(line)?.[0] ?? '';
  return { start, end: start + value.length, quote: '' };
}

function findClosing(text: string, from: number, quote: string): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\' && quote === '"') at += 1;
    else if (text[at] === quote) return at;
  }
  return -1;
}

/** The value in the quotes it had before, where they can hold it. */
export function quoteDotenv(value: string, before: ValueSpan['quote']): string {
  const fits: Readonly<Record<ValueSpan['quote'], boolean>> = {
    '': PLAIN.test(value),
    "'": !value.includes("'"),
    '"': !/["\\$`]/.test(value),
    '`': !/[`\\$]/.test(value),
  };
  const quote = ([before, '', "'", '"', '`'] as const).find((candidate) => fits[candidate]);
  if (quote !== undefined) return `${quote}${value}${quote}`;
  throw new CliError(
    EXIT.failed,
    'This key holds all kinds of quotes, which a dotenv file cannot express. Use --format json.',
  );
}

/** As text, or as the three bytes that it is in a file. */
export function skipByteOrderMark(text: string): number {
  return /^(?:\uFEFF|\u00EF\u00BB\u00BF)?/.exec(text)?.[0].length ?? 0;
}

export function endOfLine(text: string, from: number): number {
  const at = text.slice(from).search(/[\r\n]/);
  return at === -1 ? text.length : from + at;
}

export function nextLine(text: string, from: number): number {
  const end = endOfLine(text, from);
  return text.startsWith('\r\n', end) ? end + 2 : Math.min(end + 1, text.length);
}

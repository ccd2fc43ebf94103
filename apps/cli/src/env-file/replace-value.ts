import { CliError, EXIT } from '../cli-error.ts';
import { findDotenvValues, quoteDotenv } from './dotenv.ts';
import { findShellValues, quoteShell } from './shell.ts';

export const FORMATS = ['dotenv', 'shell', 'json'] as const;
export type Format = (typeof FORMATS)[number];
export type Assignment = { name: string; value: string };

/** The text with the value of `name` in it: in the place of every older one, else on a line at the end. */
export function replaceValue(text: string, format: Format, { name, value }: Assignment): string {
  if (format === 'json') return replaceInJson(text, { name, value });
  const spans =
    format === 'dotenv'
      ? findDotenvValues(text, name).map((span) => ({ ...span, next: quoteDotenv(value, span.quote) }))
      : findShellValues(text, name).map((span) => ({ ...span, next: quoteShell(value) }));
  if (spans.length === 0) return appendLine(text, formatLine(format, { name, value }));
  return spans.reduceRight(
    (changed, { start, end, next }) => changed.slice(0, start) + next + changed.slice(end),
    text,
  );
}

export function formatLine(format: Format, { name, value }: Assignment): string {
  if (format === 'json') return JSON.stringify({ [name]: value }, null, 2);
  return format === 'shell' ? `export ${name}=${quoteShell(value)}` : `${name}=${quoteDotenv(value, '')}`;
}

function appendLine(text: string, line: string): string {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const isOpen = text !== '' && !text.endsWith('\n');
  return `${text}${isOpen ? lineBreak : ''}${line}${lineBreak}`;
}

function replaceInJson(text: string, { name, value }: Assignment): string {
  if (text.trim() === '') return `${formatLine('json', { name, value })}\n`;
  const known = parseObject(text);
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? (text.includes('\n') ? 2 : 0);
  const changed = JSON.stringify({ ...known, [name]: value }, null, indent);
  return text.endsWith('\n') ? `${changed}\n` : changed;
}

function parseObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    // The parser's own message may quote the file, which holds secrets.
    throw new CliError(EXIT.failed, 'The file is not valid JSON; it was left as it is.', {
      cause: cause instanceof Error ? cause.name : undefined,
    });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new CliError(EXIT.failed, 'The file holds JSON, but no object; it was left as it is.');
}

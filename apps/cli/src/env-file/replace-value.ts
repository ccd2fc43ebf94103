import { CliError, EXIT } from '../cli-error.ts';
import { findDotenvValues, quoteDotenv } from './dotenv.ts';
import { replaceInJson } from './json.ts';
import { findShellValues, quoteShell } from './shell.ts';

export const FORMATS = ['dotenv', 'shell', 'json'] as const;
export type Format = (typeof FORMATS)[number];
export type Assignment = { name: string; value: string };

/** The text with the value of `name` in it: in the place of every older one, else on a line at the end. */
export function replaceValue(text: string, format: Format, { name, value }: Assignment): string {
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new CliError(EXIT.failed, 'This key holds characters that an environment file cannot carry.');
  }
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

import type { LoggedEvent } from '@ephemera/realtime-client';

/** Enough for minutes of talk; older lines fall out. */
export const LOG_LIMIT = 500;

export type LogLine = { id: number; direction: 'in' | 'out'; atMs: number; type: string; text: string };

export function createLogLine(id: number, logged: LoggedEvent): LogLine {
  const payload =
    'unknown' in logged.event && logged.event.unknown === true ? logged.event.raw : logged.event;
  return {
    id,
    direction: logged.direction,
    atMs: logged.atMs,
    type: logged.event.type,
    text: JSON.stringify(payload, null, 2),
  };
}

export function appendLine(lines: readonly LogLine[], line: LogLine): readonly LogLine[] {
  return [...(lines.length >= LOG_LIMIT ? lines.slice(1 - LOG_LIMIT) : lines), line];
}

/** By type first; the content counts from three letters on, as everything holds an `a`. */
export function filterLines(lines: readonly LogLine[], filter: string): readonly LogLine[] {
  const wanted = filter.trim().toLowerCase();
  if (wanted === '') return lines;
  return lines.filter(
    (line) => line.type.includes(wanted) || (wanted.length > 2 && line.text.toLowerCase().includes(wanted)),
  );
}

export function serializeLog(lines: readonly LogLine[]): string {
  return lines.map((line) => `${line.atMs} ms ${line.direction} ${line.text}`).join('\n');
}

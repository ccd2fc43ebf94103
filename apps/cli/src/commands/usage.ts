import { readInteger } from '../arguments.ts';
import { EXIT } from '../cli-error.ts';
import { type Command, writeJson } from '../command.ts';
import { connectAsOperator, findKey, type KeySummary, type UsageHours } from '../keys-api.ts';
import { formatSparkline, formatTable, sanitize } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const DAY_HOURS = 24;
const MONTH_HOURS = 744;
/** More hours than this are shown by day. */
const MOST_ROWS = 48;

type Period = { start: string; uses: number; errors: number };

export const usageCommand: Command = {
  name: 'usage',
  summary: 'uses and errors of a key over time',
  help: `  <key>       id or name
  --hours N   how far back, 1 to ${MONTH_HOURS} (default ${DAY_HOURS}); over ${MOST_ROWS} by day
  --json      the server's answer as JSON`,
  options: { hours: { type: 'string' }, json: { type: 'boolean' } },
  positionals: ['key'],
  async run(terminal, input) {
    const hours = readInteger(input, 'hours', { min: 1, max: MONTH_HOURS }) ?? DAY_HOURS;
    const api = await connectAsOperator(terminal);
    const key = findKey(await api.list.query({}), input.positionals[0] ?? '');
    const series = await api.usage.query({ id: key.id, hours });
    if (input.flags.has('json')) writeJson(terminal, series);
    else showUsage(terminal, key, series.hours);
    return EXIT.done;
  },
};

function showUsage({ stdout }: Terminal, key: KeySummary, hours: UsageHours): void {
  const isByDay = hours.length > MOST_ROWS;
  const periods = isByDay ? sumByDay(hours) : hours;
  const uses = periods.map((period) => period.uses);
  const errors = periods.map((period) => period.errors);
  stdout.write(`${sanitize(key.name)} (${key.id}), UTC, the oldest first\n`);
  stdout.write(`uses    ${formatSparkline(uses)}  ${sum(uses)}\n`);
  stdout.write(`errors  ${formatSparkline(errors)}  ${sum(errors)}\n`);
  const busy = periods.filter((period) => period.uses > 0 || period.errors > 0);
  if (busy.length === 0) return;
  const columns = [
    { title: isByDay ? 'DAY' : 'HOUR', read: ({ start }: Period) => formatStart(start, isByDay) },
    { title: 'USES', read: (period: Period) => period.uses },
    { title: 'ERRORS', read: (period: Period) => period.errors },
  ];
  stdout.write(`\n${formatTable(columns, busy)}`);
}

function formatStart(iso: string, isByDay: boolean): string {
  return isByDay ? iso.slice(0, 10) : iso.slice(0, 16).replace('T', ' ');
}

function sumByDay(hours: UsageHours): Period[] {
  const days = new Map<string, Period>();
  for (const { start, uses, errors } of hours) {
    const day = start.slice(0, 10);
    const sums = days.get(day) ?? { start: day, uses: 0, errors: 0 };
    days.set(day, { start: day, uses: sums.uses + uses, errors: sums.errors + errors });
  }
  return [...days.values()];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export type Column<Row> = { title: string; read: (row: Row) => string | number };

// oxlint-disable-next-line no-control-regex -- because control characters are what it is for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Names come from others: what could move the cursor or reorder a line is made visible. */
export function sanitize(text: string): string {
  return text.replace(CONTROL, '�');
}

/** Columns as wide as their longest cell; numbers stand right. Ends with a line break. */
export function formatTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const body = rows.map((row) => columns.map(({ read }) => read(row)));
  const cells = [columns.map(({ title }) => title), ...body];
  const widths = columns.map((_, at) => Math.max(...cells.map((line) => String(line[at]).length)));
  return cells
    .map((line) =>
      line
        .map((cell, at) => pad(cell, widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}

function pad(cell: string | number, width: number): string {
  return typeof cell === 'number' ? String(cell).padStart(width) : sanitize(cell).padEnd(width);
}

const BARS = '▁▂▃▄▅▆▇█';

/** One character a value; nothing at all is a space, the highest the full bar. */
export function formatSparkline(values: readonly number[]): string {
  const highest = Math.max(1, ...values);
  return values
    .map((value) => (value === 0 ? '·' : (BARS[Math.ceil((value / highest) * BARS.length) - 1] ?? '█')))
    .join('');
}

/** What a spreadsheet would take for a formula. A number keeps its sign. */
const FORMULA = /^[=+\-@\t\r](?!\d+(\.\d+)?$)/;

function writeCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180. Names that others have chosen cannot become formulas. */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map((cell) => writeCell(cell)).join(',')}\r\n`).join('');
}

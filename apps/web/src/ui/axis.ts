/** A round number at or above `value` whose half is whole, so that the axis reads well: 2, 4, 6, 8, 10, 20 … */
export function roundUp(value: number): number {
  const magnitude = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  const factor = [1, 2, 4, 6, 8].find((step) => step * magnitude >= value) ?? 10;
  return Math.max(2, factor * magnitude);
}

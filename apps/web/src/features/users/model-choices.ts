/** The models of today, and those that are allowed but no longer served: saving must not lose them unseen. */
export function listChoices(served: readonly string[], allowed: readonly string[]): string[] {
  return [...new Set([...served, ...allowed])];
}

/** Passes a hand-made double where a platform type is asked for. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- because the caller's context names the type
export function fakeAs<T>(double: unknown): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because a test double has only the members that are used
  return double as T;
}

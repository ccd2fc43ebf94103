/** Lets whatever waits have its turn: a read of a file gives none, since its driver is synchronous. */
export function takeBreath(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 0));
}

/** Runs what must not stop its caller; an error of it surfaces as an uncaught one instead of getting lost. */
export function runApart(action: () => void): void {
  try {
    action();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

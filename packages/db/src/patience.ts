/** Together with the pauses below up to 20 seconds. */
export const TRIES = 24;
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1_000;

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

/** The pauses grow and differ, so that those who collided do not meet again. */
export async function pause(attempt: number): Promise<void> {
  const longestMs = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
  await sleep(longestMs * (0.5 + Math.random() / 2));
}

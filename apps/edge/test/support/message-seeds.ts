/** Each has a history of its own: who writes to whom, what lives how long, when the host dies. Found flaws are added. */
export const MESSAGE_SEEDS: readonly number[] = [20_261_122];

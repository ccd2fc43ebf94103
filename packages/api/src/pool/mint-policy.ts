/** How often and how long one mint tries. */
export type MintPolicy = {
  triesPerMint: number;
  /** For one try, while another key is left. */
  tryTimeoutMs: number;
  /** For all tries, where there was more than one key to begin with. */
  totalMs: number;
  /** For all tries with a key that is the only one. */
  loneTotalMs: number;
};

export const MINT_POLICY: MintPolicy = {
  triesPerMint: 3,
  tryTimeoutMs: 2_000,
  totalMs: 5_000,
  loneTotalMs: 10_000,
};

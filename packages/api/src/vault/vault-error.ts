export type VaultErrorCode =
  /** The ciphertext is under a version that the keyring does not have. */
  | 'unknown_version'
  /** Moved, cut, changed, or sealed under other material of the same version. */
  | 'damaged'
  /** A key-encryption key has wrapped as much as random nonces allow: the keyring needs a newer version. */
  | 'version_used_up';

/** Says which row and which version; never carries a cause, since nothing of the material may travel with it. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: VaultErrorCode;
  /** Of the key-encryption key, where the ciphertext still tells. */
  readonly version: number | null;
  /** The data key came out, so the keyring is the right one, and it is the row that is wrong. */
  readonly isKeyringProven: boolean;

  constructor(
    code: VaultErrorCode,
    message: string,
    about: { version: number | null; isKeyringProven?: boolean },
  ) {
    super(message);
    this.code = code;
    this.version = about.version;
    this.isKeyringProven = about.isKeyringProven ?? false;
  }
}

/**
 * `locked`: this process lacks what opens it, which says nothing about the row. `damaged`: either the row, or our
 * keyring has other material for its version; `isCertain` where it can only be the row.
 */
export type OpenFailure = { kind: 'locked' } | { kind: 'damaged'; isCertain: boolean };

/** What it says of a row, which claims to be under `kekVersion`, that it does not open. */
export function judgeFailure(error: VaultError, kekVersion: number | null): OpenFailure {
  // No ciphertext at all, or somebody wrote another version into it: no keyring would do.
  if (error.version !== kekVersion) return { kind: 'damaged', isCertain: true };
  return error.code === 'damaged'
    ? { kind: 'damaged', isCertain: error.isKeyringProven }
    : { kind: 'locked' };
}

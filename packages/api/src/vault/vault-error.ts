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

  constructor(code: VaultErrorCode, message: string, version: number | null) {
    super(message);
    this.code = code;
    this.version = version;
  }
}

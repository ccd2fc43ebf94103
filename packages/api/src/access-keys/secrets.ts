import type { KeyEnvironment } from './format.ts';
import { createAccessKeySecret } from './format.ts';
import type { AccessKeyHash } from './hash.ts';
import { createAccessKeyHash } from './hash.ts';

/** Makes the secrets of access keys and says under which hash one is stored. */
export type AccessKeySecrets = {
  create: (environment: KeyEnvironment) => string;
  hash: AccessKeyHash;
};

export function createAccessKeySecrets(secret: string): AccessKeySecrets {
  return {
    create: (environment) => createAccessKeySecret(environment, (bytes) => crypto.getRandomValues(bytes)),
    hash: createAccessKeyHash(secret),
  };
}

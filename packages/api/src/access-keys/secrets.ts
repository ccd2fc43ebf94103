import type { Hmac } from '../hmac.ts';
import { createHmac } from '../hmac.ts';
import type { KeyEnvironment } from './format.ts';
import { createAccessKeySecret } from './format.ts';

export type AccessKeySecrets = {
  create: (environment: KeyEnvironment) => string;
  /** What is stored of one. Without the secret of the deployment nobody can try keys against it. */
  hash: Hmac;
};

export function createAccessKeySecrets(secret: string): AccessKeySecrets {
  return {
    create: (environment) => createAccessKeySecret(environment, (bytes) => crypto.getRandomValues(bytes)),
    hash: createHmac(secret),
  };
}

import type { Hmac } from '../hmac.ts';
import { createHmac } from '../hmac.ts';

/** What is stored of an access key: an HMAC of it, hex. Without the secret of the deployment nobody can try keys. */
export type AccessKeyHash = Hmac;

export const createAccessKeyHash: (secret: string) => AccessKeyHash = createHmac;

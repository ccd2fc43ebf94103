import { base64url } from 'jose';

const PREFIX = 'ent_';
const TOKEN = /^ent_[\w-]{43}$/;

/** With which a machine enters the network, once. */
export function createRegistrationToken(): string {
  return `${PREFIX}${base64url.encode(crypto.getRandomValues(new Uint8Array(32)))}`;
}

export function isRegistrationToken(text: string): boolean {
  return TOKEN.test(text);
}

import { NODE_TOKEN_TYPE } from '../nodes/access-tokens.ts';

const MAX_TOKEN_LENGTH = 8_192;
const COMPACT_JWS = /^[\w-]{2,}\.[\w-]{2,}\.[\w-]{16,}$/;

/** Asymmetric signatures only: with HS256 a public key would do as the secret. */
export const ALLOWED_ALGORITHMS: readonly string[] = [
  'EdDSA',
  'Ed25519',
  'ES256',
  'ES384',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
];

const USER_TYPES = new Set([undefined, 'JWT', 'jwt', 'at+jwt']);

/** `bearer`: of a person or of a machine; what one of them signed is never taken for the other's. */
export type TokenShape = {
  /** Null where the token names no key: an issuer with a single one may leave it out. */
  kid: string | null;
  issuer: string;
  bearer: 'user' | 'node';
};

function decodePart(part: string): { text: string; value: Record<string, unknown> } | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(atob(part.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0)),
    );
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? { text, value: { ...value } } : null;
  } catch {
    return null;
  }
}

/** One `alg`, spelled plainly: parsers disagree about which of two counts. */
function namesAlgorithmOnce(header: string): boolean {
  return !header.includes('\\') && header.split('"alg"').length === 2;
}

function readBearer(type: unknown): TokenShape['bearer'] | null {
  if (type === NODE_TOKEN_TYPE) return 'node';
  return (type === undefined || typeof type === 'string') && USER_TYPES.has(type) ? 'user' : null;
}

function readHeader(part: string): Omit<TokenShape, 'issuer'> | null {
  const header = decodePart(part);
  if (header === null || !namesAlgorithmOnce(header.text)) return null;
  const { alg, typ, kid, crit } = header.value;
  if (typeof alg !== 'string' || !ALLOWED_ALGORITHMS.includes(alg)) return null;
  const bearer = readBearer(typ);
  if (bearer === null || crit !== undefined) return null;
  if (kid === undefined) return { kid: null, bearer };
  return typeof kid === 'string' && kid.length > 0 && kid.length <= 256 ? { kid, bearer } : null;
}

/**
 * The cheap checks before any cryptography: three parts, bounded, a header that could be ours. Throwing inside a JWT
 * library costs more than a good token does.
 */
export function readTokenShape(token: string): TokenShape | null {
  if (token.length > MAX_TOKEN_LENGTH || !COMPACT_JWS.test(token)) return null;
  const [head = '', body = ''] = token.split('.', 2);
  const header = readHeader(head);
  if (header === null) return null;
  const issuer = decodePart(body)?.value['iss'];
  return typeof issuer === 'string' ? { ...header, issuer } : null;
}

const MASK = '[masked]';
const MAX_LENGTH = 500;
/** Shorter than this, a "secret" would mask ordinary words. */
const MIN_KNOWN_LENGTH = 8;
/** So much of a known secret gives it away: providers quote beginnings and ends. */
const QUOTED_LENGTH = 12;

const MIN_KEY_LENGTH = 16;

/**
 * What keys look like: with a vendor's prefix, as a JWT, after a scheme, as a value of a key-like parameter, or a long
 * run of letters and digits. A UUID is none: its dashes keep the runs short.
 */
const KEY_SHAPES: readonly RegExp[] = [
  /\beyJ[\w-]{8,}(?:\.[\w-]*){0,4}/g,
  /\b(?:Bearer|Basic|Token)\s+[\w.~+/=*-]{6,}/gi,
  /\b(?:sk|rk|pk|ek|ak|eph|gsk|xai|xoxb|ghp|hf|key|pat|tok|token|secret)[-_][\w*.-]{6,}/gi,
  /\bAIza[\w*-]{10,}/g,
  /\b(?:api[-_]?key|key|token|secret|password)\s*[=:]\s*["']?[^\s"'&,;]{6,}/gi,
  /[\dA-Za-z_+/=]{32,}/g,
];

// eslint-disable-next-line no-control-regex -- control characters of a foreign text must not reach a log or a page
const CONTROL = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]+/g;

/** Masks each longer beginning of a secret, and its end: a provider quotes the first digits, a limit cuts the rest. */
function maskPieces(text: string, secret: string): string {
  if (secret.length < 2 * QUOTED_LENGTH) return text;
  const head = secret.slice(0, QUOTED_LENGTH);
  let masked = '';
  let from = 0;
  for (let at = text.indexOf(head); at !== -1; at = text.indexOf(head, from)) {
    let end = at + head.length;
    while (end < text.length && end - at < secret.length && text[end] === secret[end - at]) end += 1;
    masked += text.slice(from, at) + MASK;
    from = end;
  }
  return (masked + text.slice(from)).replaceAll(secret.slice(-QUOTED_LENGTH), MASK);
}

/** Without the word that the cut went through. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length).replace(/\S*$/, '');
}

/** A text that somebody else wrote, fit to be stored and shown: no key in it, one line, at most 500 characters. */
export function maskSecrets(text: string, knownSecrets: readonly string[] = []): string {
  // Cut first, generously: the shapes must not run over a megabyte.
  let masked = cut(text, 4 * MAX_LENGTH);
  const known = knownSecrets.filter(({ length }) => length >= MIN_KNOWN_LENGTH);
  for (const secret of known) masked = masked.replaceAll(secret, MASK);
  for (const shape of KEY_SHAPES) masked = masked.replaceAll(shape, MASK);
  // After the shapes: another key may begin like this one, and must not lose the beginning that gives it away.
  for (const secret of known) masked = maskPieces(masked, secret);
  return masked.replaceAll(CONTROL, ' ').trim().slice(0, MAX_LENGTH);
}

/** Shorter, or without a digit, it is rather a name ("key-production") than a key. */
function isKeyLike(found: string): boolean {
  return found.length >= MIN_KEY_LENGTH && /\d/.test(found);
}

/** Whether a text that is kept in clear holds what looks like a key. */
export function revealsKeyShape(text: string): boolean {
  return KEY_SHAPES.some((shape) => (text.match(shape) ?? []).some(isKeyLike));
}

/** Whether a text that is kept in clear gives this key away, whole or by a long end of it, or holds what looks like another. */
export function revealsKey(text: string, secret: string): boolean {
  if (revealsKeyShape(text)) return true;
  const ends =
    secret.length < 2 * QUOTED_LENGTH ? [] : [secret.slice(0, QUOTED_LENGTH), secret.slice(-QUOTED_LENGTH)];
  return [secret, ...ends].some((piece) => text.includes(piece));
}

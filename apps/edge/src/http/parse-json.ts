const MAX_DEPTH = 64;

/** A body that is not one plain JSON value; `message` is safe to show. */
export class InvalidJsonError extends Error {
  override readonly name = 'InvalidJsonError';
}

/**
 * Parses JSON more strictly than the language: no duplicate member (parsers disagree about which one wins, so a
 * guard and the thing it guards may see different values), no `__proto__`, no lone surrogate, bounded depth.
 */
export function parseJson(text: string): unknown {
  checkStructure(text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidJsonError('The body is not valid JSON.', { cause });
  }
}

type Frame = { keys: Set<string> | null; expectsKey: boolean };

function checkStructure(text: string): void {
  const frames: Frame[] = [];
  const hasEscapes = text.includes('\\');
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    const top = frames.at(-1);
    if (char === '"') {
      const end = endOfString(text, at);
      if (mayMatter(top, hasEscapes)) checkString(text.slice(at, end + 1), top);
      at = end;
    } else if (char === '{' || char === '[') {
      frames.push(openFrame(char === '{', frames.length));
    } else if (char === '}' || char === ']') {
      frames.pop();
    } else if (char === ',' && top !== undefined) {
      top.expectsKey = top.keys !== null;
    }
  }
}

function openFrame(isObject: boolean, depth: number): Frame {
  if (depth === MAX_DEPTH) throw new InvalidJsonError(`The body nests deeper than ${MAX_DEPTH} levels.`);
  return isObject ? { keys: new Set(), expectsKey: true } : { keys: null, expectsKey: false };
}

/** A value without an escape can hold nothing that is refused. */
function mayMatter(frame: Frame | undefined, hasEscapes: boolean): boolean {
  return hasEscapes || frame?.expectsKey === true;
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  if (end === -1) throw new InvalidJsonError('The body is not valid JSON.');
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

function checkString(literal: string, frame: Frame | undefined): void {
  const isKey = frame?.expectsKey === true;
  if (!isKey && !literal.includes(String.raw`\u`)) return;
  const value = decodeString(literal);
  if (!value.isWellFormed()) throw new InvalidJsonError('The body holds half of a surrogate pair.');
  if (!isKey) return;
  frame.expectsKey = false;
  if (value === '__proto__') throw new InvalidJsonError('The body holds a member named "__proto__".');
  if (frame.keys?.has(value) === true) throw new InvalidJsonError('The body holds the same member twice.');
  frame.keys?.add(value);
}

function decodeString(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch (cause) {
    throw new InvalidJsonError('The body is not valid JSON.', { cause });
  }
}

/** One whole HTTP/1.1 answer. */
export type Answer = { status: number; body: string };

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const STATUS_START = 'HTTP/1.1 '.length;
const CONTENT_LENGTH = /\r\ncontent-length: *(\d+)/i;
const CHUNKED = /\r\ntransfer-encoding: *chunked/i;

function readChunks(bytes: Buffer): string {
  const parts: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', offset);
    const size = Number.parseInt(bytes.toString('latin1', offset, lineEnd), 16);
    if (!(size > 0)) break;
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    offset = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(parts).toString();
}

function endsWithLastChunk(bytes: Buffer): boolean {
  return bytes.length >= LAST_CHUNK.length && bytes.subarray(-LAST_CHUNK.length).equals(LAST_CHUNK);
}

/**
 * Reads the one answer that stands in `bytes`, or `null` while it is not whole yet. Requests are never pipelined, so
 * whatever a connection delivers belongs to the one request that is open on it.
 */
export function readAnswer(bytes: Buffer, wantsBody: boolean): Answer | null {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return null;
  const head = bytes.toString('latin1', 0, headEnd);
  const status = Number(head.slice(STATUS_START, STATUS_START + 3));
  const bodyStart = headEnd + HEAD_END.length;
  const length = CONTENT_LENGTH.exec(head)?.[1];
  const needsBody = wantsBody || status !== 200;
  if (length !== undefined) {
    if (bytes.length < bodyStart + Number(length)) return null;
    return { status, body: needsBody ? bytes.toString('utf8', bodyStart) : '' };
  }
  if (!CHUNKED.test(head)) return { status, body: '' };
  const chunks = bytes.subarray(bodyStart);
  if (!endsWithLastChunk(chunks)) return null;
  return { status, body: needsBody ? readChunks(chunks) : '' };
}

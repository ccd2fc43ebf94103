import { createPublicKey, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import * as z from 'zod';

import { CliError, EXIT } from '../cli-error.ts';
import { sanitize } from '../table.ts';

const checkpointSchema = z.object({
  seq: z.int().min(1),
  hash: z.string().regex(/^[\da-f]{64}$/),
  at: z.string().max(64),
  signature: z.string().max(128),
  publicKey: z.string().max(64),
});

export type CheckpointFile = z.infer<typeof checkpointSchema>;

/** A checkpoint whose signature fits. Throws CliError for one that does not, or is of another key than expected. */
export async function readCheckpointFile(
  path: string,
  expectedKey: string | undefined,
): Promise<CheckpointFile> {
  const shown = sanitize(path);
  const parsed = checkpointSchema.safeParse(parseJson(await readText(path)));
  if (!parsed.success) throw new CliError(EXIT.usage, `${shown} is no checkpoint of the audit.`);
  const checkpoint = parsed.data;
  if (!hasGoodSignature(checkpoint)) {
    throw new CliError(EXIT.failed, `The signature of ${shown} does not fit: the file has been changed.`);
  }
  if (expectedKey !== undefined && checkpoint.publicKey !== expectedKey) {
    throw new CliError(EXIT.failed, `${shown} was signed with another key than AUDIT_PUBLIC_KEY.`);
  }
  return checkpoint;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new CliError(EXIT.notFound, `${sanitize(path)} cannot be read.`, { cause });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function hasGoodSignature({ seq, hash, at, signature, publicKey }: CheckpointFile): boolean {
  try {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: publicKey };
    const text = Buffer.from(`ephemera-audit-checkpoint\n${seq}\n${hash}\n${at}\n`);
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    return verify(null, text, key, Buffer.from(signature, 'base64url'));
  } catch {
    // A public key that is none.
    return false;
  }
}

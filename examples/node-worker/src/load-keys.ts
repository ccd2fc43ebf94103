import { generateNodeKeys, importNodeKeys, type NodeKeys } from '@ephemera/service-client';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** The key in that file, which is made the first time: whoever has it is this node. */
export async function loadKeys(file: string): Promise<NodeKeys> {
  try {
    return await importNodeKeys(await readFile(file, 'utf8'));
  } catch (error) {
    if (!isMissing(error)) throw error;
    const { keys, privateKeyPem } = await generateNodeKeys();
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, privateKeyPem, { mode: 0o600, flag: 'wx' });
    return keys;
  }
}

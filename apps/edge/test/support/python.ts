import { spawnSync } from 'node:child_process';

/** Debian's own comes first: another one on the PATH does not see the packages of apt-get. */
const CANDIDATES = ['/usr/bin/python3', 'python3'];
const NEEDED = 'import aiohttp, cryptography, jwt';

/** A Python that has what the contract's client imports. A missing one is a failed test with one clear line. */
export function findPython(): string {
  const found = CANDIDATES.find((path) => spawnSync(path, ['-c', NEEDED]).status === 0);
  if (found !== undefined) return found;
  throw new Error(
    'No python3 with aiohttp, cryptography and PyJWT (Debian: apt-get install python3-aiohttp python3-cryptography python3-jwt).',
  );
}

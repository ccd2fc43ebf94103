import type { NodeLogEntry } from '../../src/nodes/log.ts';
import { createNodeClient, type NodeClientOptions } from '../../src/nodes/node-client.ts';
import { generateNodeKeys } from '../../src/nodes/node-keys.ts';
import { createFakeBroker } from './fake-broker.ts';
import { createStepClock } from './step-clock.ts';

/** One pair for all tests of a file: making one takes a while. */
export const OWN = await generateNodeKeys({ bits: 2_048 });

export const NODE = {
  id: 'worker-1',
  name: 'Worker',
  type: 'compute',
  capabilities: ['processing'],
  endpoint: 'https://worker-1.example.test',
  metadata: { region: 'eu-west-1' },
} as const;

/** A client over a fake broker, a clock that stands still and no chance. */
export function setUpNode(options: Partial<NodeClientOptions> = {}) {
  const clock = createStepClock();
  const broker = createFakeBroker();
  const lines: NodeLogEntry[] = [];
  let ids = 0;
  const client = createNodeClient({
    baseUrl: 'https://broker.example/',
    node: NODE,
    keys: OWN.keys,
    fetch: broker.fetch,
    clock,
    random: () => 1,
    randomId: () => `id-${(ids += 1)}`,
    onLog: (entry) => lines.push(entry),
    ...options,
  });
  return {
    clock,
    broker,
    client,
    lines,
    events: () => lines.map(({ event }) => event),
    connect: async () => {
      await client.connect();
      broker.calls.splice(0);
    },
  };
}

import { type Simulator, startSimulator } from '@ephemera/openai-simulator';

/** In every place where a provider key could leak, this one must not be found. */
export const CANARY_KEY = 'sk-CANARY-0123456789abcdef0123456789abcdef';
/** Keys that tests put into the pool; the simulator accepts them. */
export const STORED_KEYS = [
  'sk-CANARY-stored-1-89abcdef0123456789abc001',
  'sk-CANARY-stored-2-fedcba9876543210fedcb002',
  'sk-CANARY-stored-3-0f1e2d3c4b5a69788796a003',
] as const;

/** Those of this test process that nobody uses now. They end with it. */
const idle: Simulator[] = [];

/** A simulator that knows of nobody before. Disposing of it gives it back: a start takes most of a second of CPU. */
export async function takeSimulator(): Promise<Simulator> {
  const simulator = idle.pop() ?? (await startSimulator({ apiKeys: [CANARY_KEY, ...STORED_KEYS] }));
  return {
    ...simulator,
    [Symbol.asyncDispose]: async () => {
      await simulator.admin.reset();
      idle.push(simulator);
    },
  };
}

import {
  createNodeClient,
  generateNodeKeys,
  type NodeClient,
  type NodeClientOptions,
  type NodeLogEntry,
} from '@ephemera/service-client';

import type { TestHost } from './host.ts';

export type TestClient = { client: NodeClient; lines: readonly NodeLogEntry[]; privateKeyPem: string };

/** A typed client of a node that is in the network. */
export async function connectClient(
  host: TestHost,
  id: string,
  more: Partial<NodeClientOptions> = {},
): Promise<TestClient> {
  const { keys, privateKeyPem } = await generateNodeKeys({ bits: 2_048 });
  const lines: NodeLogEntry[] = [];
  const client = createNodeClient({
    baseUrl: host.url,
    node: {
      id,
      name: `Node ${id}`,
      type: 'compute',
      capabilities: ['processing'],
      endpoint: `https://${id}.example.test:8443`,
      metadata: { region: 'eu-west-1' },
    },
    keys,
    onLog: (entry) => lines.push(entry),
    ...more,
  });
  await client.connect();
  return { client, lines, privateKeyPem };
}

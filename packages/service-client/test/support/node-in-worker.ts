import { env } from 'cloudflare:workers';

import { createNodeClient, generateNodeKeys, type NodeClient, NodeClientError } from '../../src/index.ts';

async function createClient(): Promise<NodeClient> {
  const { keys } = await generateNodeKeys({ bits: 2_048 });
  const client = createNodeClient({
    baseUrl: env['BROKER'] ?? '',
    node: { id: 'in-a-worker', name: 'W', type: 'edge', endpoint: 'https://w.example.test' },
    keys,
    requestTimeoutMs: 1_000,
  });
  await client.connect();
  return client;
}

/** One client for all requests of the isolate; whoever comes first makes it. */
let made: NodeClient | null = null;

async function getClient(): Promise<NodeClient> {
  made ??= await createClient();
  return made;
}

/** Listens for as long as the request lives, until the first message has come. */
async function receive(client: NodeClient): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const loop = client.listen({
    requireSignature: true,
    requireEncryption: true,
    handlers: { '*': ({ content }) => resolve(content) },
  });
  try {
    return await promise;
  } finally {
    await loop.stop();
  }
}

const ROUTES: Readonly<Record<string, (client: NodeClient) => Promise<unknown>>> = {
  '/nodes': async (client) => (await client.listNodes()).nodes.map(({ id }) => id),
  '/send': (client) =>
    client.send({ to: 'in-a-worker', type: 'command', content: { of: 'itself' }, encrypt: true, sign: true }),
  '/receive': receive,
};

async function answer(request: Request): Promise<Response> {
  try {
    return Response.json(await ROUTES[new URL(request.url).pathname]?.(await getClient()));
  } catch (error) {
    if (!(error instanceof NodeClientError)) throw error;
    return Response.json({ code: error.code, message: error.message }, { status: 503 });
  }
}

// oxlint-disable-next-line import/no-default-export -- because that is how a Worker says what it answers
export default { fetch: answer };

import * as z from 'zod';

import { joinNetwork, type NodeHost, type TestNode } from './nodes.ts';

export const receiptSchema = z.strictObject({
  message_id: z.string(),
  accepted: z.array(z.string()),
  rejected: z.array(z.strictObject({ node_id: z.string(), reason: z.string() })),
});

export const messageSchema = z.strictObject({
  id: z.string(),
  from_node: z.string(),
  message_type: z.string(),
  content: z.unknown(),
  priority: z.string(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  metadata: z.record(z.string(), z.unknown()),
});

export const pendingSchema = z.strictObject({ messages: z.array(messageSchema) });

export type Receipt = z.infer<typeof receiptSchema>;
export type Message = z.infer<typeof messageSchema>;

/** A message as the contract's client sends it. */
export function messageOf(from: string, to: readonly string[], more: object = {}): Record<string, unknown> {
  return {
    from_node: from,
    to_nodes: to,
    message_type: 'data_sync',
    content: { action: 'sync_request' },
    priority: 'normal',
    ttl: 1_800,
    metadata: { correlation_id: 'sync-001' },
    ...more,
  };
}

async function readOk(response: Response): Promise<unknown> {
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
  return await response.json();
}

/** Sends what has to be taken. */
export async function sendMessage(
  from: TestNode,
  to: readonly string[],
  more: object = {},
): Promise<Receipt> {
  const response = await from.send('POST', '/api/v1/messages/send', messageOf(from.id, to, more));
  return receiptSchema.parse(await readOk(response));
}

export async function readPending(node: TestNode, query = ''): Promise<Message[]> {
  const response = await node.send('GET', `/api/v1/messages/pending/${node.id}${query}`);
  return pendingSchema.parse(await readOk(response)).messages;
}

export async function contentsOf(node: TestNode, query = ''): Promise<unknown[]> {
  return (await readPending(node, query)).map(({ content }) => content);
}

export async function markRead(node: TestNode, id: string): Promise<number> {
  const response = await node.send('PUT', `/api/v1/messages/${id}/read`);
  await response.body?.cancel();
  return response.status;
}

/** Several nodes at once, by their ids. */
export async function joinAll(host: NodeHost, ids: readonly string[]): Promise<TestNode[]> {
  return await Promise.all(ids.map((id) => joinNetwork(host, id)));
}

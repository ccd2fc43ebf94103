import { type JsonObject, isObject, readList, readNumber, readText, readTexts } from './readers.ts';

/** A node as the directory tells of it. */
export type DirectoryNode = {
  id: string;
  name: string;
  type: string;
  capabilities: readonly string[];
  endpoint: string;
  /** As it says itself while it shows signs of life; then `unreachable`, then `offline`. */
  status: string;
  /** From 0 to 1. */
  load: number | null;
  availableResources: JsonObject | null;
  metadata: JsonObject;
  /** ISO 8601. */
  lastSeenAt: string | null;
};

/** A node as it is told of one by one. */
export type NodeDetails = DirectoryNode & { publicKey: string };

/** The node itself, as the registration answers. */
export type RegisteredNode = DirectoryNode & {
  /** What it may: `nodes:read`, `messages:send`, `keys:read-for-service`, … */
  scopes: readonly string[];
};

export type NodeFilter = {
  type?: string;
  /** All of them. */
  capabilities?: readonly string[];
  /** `metadata.region`. */
  region?: string;
  /**
   * Any of these: a node's own words, `unreachable`, `offline`, `reachable`, `all`. Without it: who is there (`reachable`).
   * @example
   * await client.listNodes({ status: ['unreachable', 'offline'] });
   */
  status?: string | readonly string[];
};

export type NodePage = { nodes: readonly DirectoryNode[]; nextCursor: string | null };

/** What a node tells anew of itself; what is left out stays. */
export type NodeUpdate = {
  status?: string;
  /** From 0 to 1. */
  load?: number;
  availableResources?: JsonObject;
  /** Replaces all of it. */
  metadata?: JsonObject;
};

export function readNode(value: unknown): DirectoryNode | null {
  if (!isObject(value)) return null;
  const id = readText(value['node_id']);
  const name = readText(value['name']);
  const type = readText(value['type']);
  const capabilities = readTexts(value['capabilities']);
  const endpoint = readText(value['endpoint']);
  const status = readText(value['status']);
  if (id === null || name === null || type === null || endpoint === null) return null;
  if (capabilities === null || status === null) return null;
  const resources = value['available_resources'];
  const metadata = value['metadata'];
  return {
    id,
    name,
    type,
    capabilities,
    endpoint,
    status,
    load: readNumber(value['load']),
    availableResources: isObject(resources) ? resources : null,
    metadata: isObject(metadata) ? metadata : {},
    lastSeenAt: readText(value['last_seen']),
  };
}

export function readNodeDetails(value: unknown): NodeDetails | null {
  const node = readNode(value);
  const publicKey = isObject(value) ? readText(value['public_key']) : null;
  return node === null || publicKey === null ? null : { ...node, publicKey };
}

export function readRegisteredNode(value: unknown): RegisteredNode | null {
  const node = readNode(value);
  if (node === null || !isObject(value)) return null;
  return { ...node, scopes: readTexts(value['scopes']) ?? [] };
}

export function readNodePage(value: unknown): NodePage | null {
  if (!isObject(value)) return null;
  const nodes = readList(value['nodes'], readNode);
  return nodes === null ? null : { nodes, nextCursor: readText(value['next_cursor']) };
}

export function toQuery(filter: NodeFilter & { limit?: number; cursor?: string }): string {
  const { capabilities, status = [], ...rest } = filter;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined) query.set(name, String(value));
  }
  if (capabilities !== undefined && capabilities.length > 0)
    query.set('capabilities', capabilities.join(','));
  const statuses = typeof status === 'string' ? [status] : status;
  if (statuses.length > 0) query.set('status', statuses.join(','));
  return query.size === 0 ? '' : `?${query.toString()}`;
}

export function toUpdateBody({ status, load, availableResources, metadata }: NodeUpdate): JsonObject {
  return { status, load, available_resources: availableResources, metadata };
}

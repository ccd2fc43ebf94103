import type { SqlRow } from '@ephemera/db';

import { readNodeScopes } from '../../nodes/node-book.ts';
import type { StatusTerms } from '../../nodes/status.ts';
import { deriveStatus } from '../../nodes/status.ts';
import type { NodeScope } from '../../auth/scopes.ts';

/** A node as the directory tells of it. Times are ISO 8601. */
export type NodeView = {
  id: string;
  name: string;
  type: string;
  capabilities: string[];
  endpoint: string;
  /** As it says itself, while it shows signs of life; then `unreachable`, then `offline`. */
  status: string;
  load: number | null;
  availableResources: Record<string, unknown> | null;
  metadata: Record<string, unknown>;
  region: string | null;
  metrics: Record<string, number> | null;
  lastSeenAt: string | null;
  createdAt: string;
  /** In its mailbox, as it is counted: one that has just expired may still be among them. */
  pendingMessages: number;
};

/** What only the page of one node needs. */
export type NodeDetail = NodeView & { publicKey: string; keyFingerprint: string; scopes: NodeScope[] };

export const VIEW_COLUMNS = `n.id, n.name, n.type, n.capabilities, n.endpoint, n.status, n.load, n.available_resources,
  n.metadata, n.region, n.metrics, n.last_seen_at, n.created_at,
  coalesce((select b.pending from mailboxes b where b.node_id = n.id), 0) as pending_messages`;
export const DETAIL_COLUMNS = `${VIEW_COLUMNS}, n.public_key, n.key_fingerprint, n.scopes`;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readJson(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : null;
}

function readText(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function readRecord(value: unknown): Record<string, unknown> | null {
  const parsed = readJson(value);
  return isRecord(parsed) ? parsed : null;
}

function readTexts(value: unknown): string[] {
  const parsed = readJson(value);
  return Array.isArray(parsed) ? parsed.map(String) : [];
}

function readNumbers(value: unknown): Record<string, number> | null {
  const parsed = readRecord(value);
  if (parsed === null) return null;
  return Object.fromEntries(Object.entries(parsed).map(([name, number]) => [name, Number(number)]));
}

function readNumber(value: unknown): number | null {
  return value === null ? null : Number(value);
}

export function toNodeView(row: SqlRow, terms: StatusTerms): NodeView {
  const lastSeenAtMs = readNumber(row['last_seen_at']);
  return {
    id: String(row['id']),
    name: String(row['name']),
    type: String(row['type']),
    capabilities: readTexts(row['capabilities']),
    endpoint: String(row['endpoint']),
    status: deriveStatus({ status: String(row['status']), lastSeenAtMs }, terms),
    load: readNumber(row['load']),
    availableResources: readRecord(row['available_resources']),
    metadata: readRecord(row['metadata']) ?? {},
    region: readText(row['region']),
    metrics: readNumbers(row['metrics']),
    lastSeenAt: lastSeenAtMs === null ? null : new Date(lastSeenAtMs).toISOString(),
    createdAt: new Date(Number(row['created_at'])).toISOString(),
    pendingMessages: Number(row['pending_messages']),
  };
}

export function toNodeDetail(row: SqlRow, terms: StatusTerms): NodeDetail {
  return {
    ...toNodeView(row, terms),
    publicKey: String(row['public_key']),
    keyFingerprint: String(row['key_fingerprint']),
    scopes: readNodeScopes(row['scopes']),
  };
}

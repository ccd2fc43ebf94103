import type { RouterInputs } from '@ephemera/api';

type NodeQuery = RouterInputs['nodes']['list'];

export type NodeFilter = {
  /** Part of an id or a name. */
  query: string | null;
  status: string | null;
  type: string | null;
  region: string | null;
  /** All of them. */
  capabilities: readonly string[];
};

/** What every node is by its signs of life, whatever word it has for itself. */
export const PRESENCES = ['reachable', 'unreachable', 'offline'] as const;

export const NO_FILTER: NodeFilter = {
  query: null,
  status: null,
  type: null,
  region: null,
  capabilities: [],
};

const MOST_CAPABILITIES = 16;
const STATUS = /^[\w.:-]{1,32}$/;
const TYPE = /^[\w.:-]{1,64}$/;
const CAPABILITY = /^[^\s,\p{Cc}]{1,64}$/u;
/** Text without control characters, as the server takes it. */
const PLAIN = /^[^\p{Cc}]{1,128}$/u;

type Search = Readonly<
  Partial<Record<'q' | 'status' | 'type' | 'region' | 'capabilities', string | string[] | null>>
>;

function readText(value: unknown, pattern: RegExp): string | null {
  const text = typeof value === 'string' ? value.trim() : '';
  return pattern.test(text) ? text : null;
}

function readCapabilities(value: unknown): string[] {
  const parts = typeof value === 'string' ? value.split(',').map((part) => part.trim()) : [];
  return [...new Set(parts.filter((part) => CAPABILITY.test(part)))].slice(0, MOST_CAPABILITIES);
}

/** The filter of an address. What the server would refuse is no filter. */
export function parseNodeFilter(search: Search): NodeFilter {
  return {
    query: readText(search.q, PLAIN),
    status: readText(search.status, STATUS),
    type: readText(search.type, TYPE),
    region: readText(search.region, PLAIN),
    capabilities: readCapabilities(search.capabilities),
  };
}

export function toSearch(filter: NodeFilter): Record<keyof Search, string | null> {
  const { query, status, type, region, capabilities } = filter;
  return {
    q: query,
    status,
    type,
    region,
    capabilities: capabilities.length === 0 ? null : capabilities.join(','),
  };
}

export function isFiltered({ capabilities, ...words }: NodeFilter): boolean {
  return capabilities.length > 0 || Object.values(words).some((word) => word !== null);
}

/** What is set, in the API's words. */
export function toQuery({ capabilities, ...words }: NodeFilter): NodeQuery {
  const set = Object.entries(words).filter(([, word]) => word !== null);
  return {
    ...Object.fromEntries(set),
    ...(capabilities.length === 0 ? {} : { capabilities: [...capabilities] }),
  };
}

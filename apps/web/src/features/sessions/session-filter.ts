import { parseDollars, toDollarText } from '../../ui/dollars.ts';
import { parseStateChoice } from './session-types.ts';
import type { SessionQuery, StateChoice } from './session-types.ts';

export type SessionFilter = {
  state: StateChoice | null;
  model: string | null;
  user: string | null;
  accessKey: string | null;
  providerKey: string | null;
  transport: 'webrtc' | 'websocket' | null;
  minCostMicroUsd: number | null;
  minSeconds: number | null;
  /** ISO times. */
  from: string | null;
  to: string | null;
  /** What the id begins with. */
  query: string | null;
};

export const NO_FILTER: Readonly<SessionFilter> = {
  state: null,
  model: null,
  user: null,
  accessKey: null,
  providerKey: null,
  transport: null,
  minCostMicroUsd: null,
  minSeconds: null,
  from: null,
  to: null,
  query: null,
};

const NAMES = [
  'state',
  'model',
  'user',
  'accessKey',
  'providerKey',
  'transport',
  'cost',
  'duration',
  'from',
  'to',
  'q',
] as const;
type SearchName = (typeof NAMES)[number];

/** The filter as it stands in the address. */
export type FilterSearch = Partial<Record<SearchName, string | string[]>>;

const MAX_SECONDS = 604_800;
const ID_PREFIX = /^[\w-]{1,256}$/;
/** No model and no id of anything is longer. */
const LONGEST = { any: 128, user: 300, key: 64 } as const;

function readText(value: string | string[] | undefined, most: number = LONGEST.any): string | null {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' || text.length > most ? null : text;
}

/** What cannot begin an id is nothing to look for. */
export function parseIdPrefix(text: string): string | null {
  return ID_PREFIX.test(text) ? text : null;
}

export function parseSeconds(text: string): number | null {
  const seconds = /^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return seconds >= 1 && seconds <= MAX_SECONDS ? seconds : null;
}

function readTime(value: string | string[] | undefined): string | null {
  const at = Date.parse(readText(value) ?? '');
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

/** What cannot be read is no filter: an address from elsewhere opens the page all the same. */
export function parseSessionFilter(search: FilterSearch): SessionFilter {
  const { transport } = search;
  return {
    state: parseStateChoice(search.state),
    model: readText(search.model),
    user: readText(search.user, LONGEST.user),
    accessKey: readText(search.accessKey, LONGEST.key),
    providerKey: readText(search.providerKey, LONGEST.key),
    transport: transport === 'webrtc' || transport === 'websocket' ? transport : null,
    minCostMicroUsd: parseDollars(readText(search.cost) ?? ''),
    minSeconds: parseSeconds(readText(search.duration) ?? ''),
    from: readTime(search.from),
    to: readTime(search.to),
    query: parseIdPrefix(readText(search.q, 256) ?? ''),
  };
}

export function toSearch(filter: SessionFilter): Record<SearchName, string | null> {
  return {
    state: filter.state,
    model: filter.model,
    user: filter.user,
    accessKey: filter.accessKey,
    providerKey: filter.providerKey,
    transport: filter.transport,
    cost: filter.minCostMicroUsd === null ? null : toDollarText(filter.minCostMicroUsd),
    duration: filter.minSeconds === null ? null : String(filter.minSeconds),
    from: filter.from,
    to: filter.to,
    q: filter.query,
  };
}

/** The filter in the API's words; what filters nothing is left out. */
export function toQuery(filter: SessionFilter): SessionQuery {
  const { state, ...rest } = filter;
  const wanted = {
    ...(state === 'open' ? { isOpen: true } : { state }),
    model: rest.model,
    userId: rest.user,
    accessKeyId: rest.accessKey,
    providerKeyId: rest.providerKey,
    transport: rest.transport,
    minCostMicroUsd: rest.minCostMicroUsd,
    minSeconds: rest.minSeconds,
    from: rest.from,
    to: rest.to,
    query: rest.query,
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null));
}

export type FilterName = keyof SessionFilter;

/** Those that are set, in the order of the chips. */
export function listActive(filter: SessionFilter): FilterName[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because these are the names of NO_FILTER itself
  const names = Object.keys(NO_FILTER) as FilterName[];
  return names.filter((name) => filter[name] !== null);
}

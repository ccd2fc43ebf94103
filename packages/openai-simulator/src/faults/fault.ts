import * as z from 'zod';

const matchSchema = z.strictObject({
  method: z.string().optional(),
  /** The whole path, or its beginning followed by `*`. */
  path: z.string().startsWith('/').optional(),
  /** The whole key or client secret that the request presents. */
  key: z.string().optional(),
  stage: z.enum(['request', 'upgrade', 'call']).optional(),
});

const milliseconds = z.int().min(0).max(600_000);

const actionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('status'),
    status: z.int().min(400).max(599),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    retryAfterMs: milliseconds.optional(),
  }),
  z.strictObject({ kind: z.literal('delay'), ms: milliseconds }),
  z.strictObject({ kind: z.literal('hang') }),
  z.strictObject({ kind: z.literal('drop') }),
  z.strictObject({
    kind: z.literal('garbage'),
    body: z.string().optional(),
    contentType: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('expire_secrets') }),
  z.strictObject({ kind: z.literal('bad_sdp') }),
  z.strictObject({ kind: z.literal('ice_never') }),
  z.strictObject({ kind: z.literal('close_channel'), afterMs: milliseconds }),
  z.strictObject({
    kind: z.literal('error_event'),
    afterMs: milliseconds,
    type: z.string().optional(),
    code: z.string().optional(),
    message: z.string().optional(),
  }),
]);

export const faultSchema = z.strictObject({
  match: matchSchema.default({}),
  /** How often it strikes; 0 = until it is cleared. */
  times: z.int().min(0).default(1),
  action: actionSchema,
});

export type Fault = z.infer<typeof faultSchema>;
export type FaultInput = z.input<typeof faultSchema>;
export type FaultAction = Fault['action'];
type FaultStage = NonNullable<Fault['match']['stage']>;

export type Probe = { stage: FaultStage; method: string; path: string; key: string | null };

const CALL_ACTIONS: ReadonlySet<FaultAction['kind']> = new Set([
  'bad_sdp',
  'ice_never',
  'close_channel',
  'error_event',
]);
const PASSING_ACTIONS: ReadonlySet<FaultAction['kind']> = new Set([
  ...CALL_ACTIONS,
  'delay',
  'expire_secrets',
]);

/** Whether an action ends the request, so that no later fault may act on it. */
export const endsRequest = (action: FaultAction): boolean => !PASSING_ACTIONS.has(action.kind);

function matchesPath(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

/** Whether a fault concerns this moment of this request. */
export function matchesFault(fault: Fault, probe: Probe): boolean {
  const { method, path, key, stage } = fault.match;
  if (CALL_ACTIONS.has(fault.action.kind) !== (probe.stage === 'call')) return false;
  return (
    (stage === undefined || stage === probe.stage) &&
    (method === undefined || method.toUpperCase() === probe.method) &&
    (path === undefined || matchesPath(path, probe.path)) &&
    (key === undefined || key === probe.key)
  );
}

import { estimateMicroUsd, findPrices, sessionIdFloor } from '@ephemera/api';
import { allowances, type Database, type NewSessionRow, sessions } from '@ephemera/db';

type DemoOwner = { userId: string; userName: string; nowMs: number };

type Sketch = {
  minutesAgo: number;
  state: NewSessionRow['state'];
  model?: string;
  voice?: string;
  kind?: NewSessionRow['kind'];
  transport?: NewSessionRow['transport'];
  seconds?: number;
  messages?: number;
  endedBy?: NewSessionRow['endedBy'];
  reason?: string;
  isDisputed?: boolean;
};

/** `dem0` and two digits. */
const MARK_LENGTH = 6;

const FLAGSHIP = 'gpt-realtime-2.1';
const MINI = 'gpt-realtime-2.1-mini';

/** A day as it might have been: talks, a transcription, and the ways in which a session fails. */
const SKETCHES: readonly Sketch[] = [
  { minutesAgo: 9, state: 'ended', voice: 'marin', seconds: 184, messages: 14, endedBy: 'user' },
  { minutesAgo: 26, state: 'ended', voice: 'cedar', seconds: 62, messages: 6, endedBy: 'user' },
  { minutesAgo: 41, state: 'failed', endedBy: 'error', reason: 'microphone_denied' },
  {
    minutesAgo: 75,
    state: 'ended',
    model: MINI,
    voice: 'alloy',
    seconds: 411,
    messages: 32,
    endedBy: 'user',
  },
  { minutesAgo: 118, state: 'issued', voice: 'marin' },
  { minutesAgo: 167, state: 'ended', voice: 'marin', seconds: 1_800, messages: 96, endedBy: 'timeout' },
  { minutesAgo: 230, state: 'failed', endedBy: 'error', reason: 'token_expired' },
  {
    minutesAgo: 322,
    state: 'ended',
    kind: 'transcription',
    model: 'gpt-live-transcribe',
    transport: 'websocket',
    seconds: 543,
    messages: 41,
    endedBy: 'user',
  },
  {
    minutesAgo: 465,
    state: 'ended',
    voice: 'sage',
    seconds: 95,
    messages: 8,
    endedBy: 'user',
    isDisputed: true,
  },
  { minutesAgo: 700, state: 'failed', endedBy: 'error', reason: 'upstream_timeout' },
  {
    minutesAgo: 1_010,
    state: 'ended',
    model: MINI,
    voice: 'verse',
    seconds: 27,
    messages: 3,
    endedBy: 'error',
    reason: 'connection_lost',
  },
  { minutesAgo: 1_390, state: 'ended', voice: 'coral', seconds: 256, messages: 19, endedBy: 'user' },
];

/** Puts the demo's past into the log, once for a database; each row says that it is demo data. */
export async function seedDemoSessions(database: Database, owner: DemoOwner): Promise<void> {
  const [known] = await database.read('select 1 from sessions where is_demo = 1 limit 1');
  if (known !== undefined) return;
  const rows = SKETCHES.map((sketch, index) => createRow(sketch, { index, owner }));
  await database.orm.insert(sessions).values(rows);
  await seedDemoUser(database, owner, rows);
}

/** So that the user whose sessions these are is found among the users. The demo's past uses up no limit and no budget. */
async function seedDemoUser(
  database: Database,
  { userId, userName }: DemoOwner,
  rows: readonly NewSessionRow[],
): Promise<void> {
  const [newest, oldest] = [rows.at(0), rows.at(-1)];
  if (newest === undefined || oldest === undefined) return;
  const never = new Date(0);
  const seen = { firstSeenAt: oldest.issuedAt, lastSeenAt: newest.issuedAt, sessionCount: rows.length };
  await database.orm
    .insert(allowances)
    .values({
      kind: 'user',
      subject: userId,
      name: userName,
      windowStart: never,
      windowCount: 0,
      periodStart: never,
      ...seen,
    })
    .onConflictDoNothing();
}

function createRow(sketch: Sketch, { index, owner }: { index: number; owner: DemoOwner }): NewSessionRow {
  const issuedAtMs = owner.nowMs - sketch.minutesAgo * 60_000;
  const isMinted = sketch.reason !== 'upstream_timeout';
  // The sketches begin with the newest.
  const number = String(SKETCHES.length - 1 - index).padStart(2, '0');
  return {
    // Of its moment, as every session's id is: what is counted by time is found by id.
    id: `${sessionIdFloor(issuedAtMs).slice(0, -MARK_LENGTH)}dem0${number}`,
    providerSessionId: isMinted ? `sess_demo_${number}` : null,
    requestId: `req_demo_${number}`,
    userId: owner.userId,
    userName: owner.userName,
    state: sketch.state,
    kind: sketch.kind ?? 'realtime',
    model: sketch.model ?? FLAGSHIP,
    voice: sketch.voice ?? null,
    issuedAt: new Date(issuedAtMs),
    expiresAt: isMinted ? new Date(issuedAtMs + 600_000) : null,
    isDemo: true,
    mintMs: isMinted ? 31 + index * 3 : 10_000,
    attempts: [
      isMinted
        ? { status: 200, code: null, durationMs: 29 + index * 3, keyId: null }
        : { status: null, code: 'timeout', durationMs: 10_000, keyId: null },
    ],
    ...createCall(sketch, issuedAtMs),
    ...createCost(sketch, issuedAtMs),
  };
}

/** What the length suggests, as for any client that tells nothing else. */
function createCost({ seconds, model = FLAGSHIP }: Sketch, issuedAtMs: number): Partial<NewSessionRow> {
  const microUsd = seconds === undefined ? null : estimateMicroUsd(model, seconds, issuedAtMs);
  if (microUsd === null) return {};
  return {
    costMicroUsd: microUsd,
    costStatus: 'estimated',
    costSource: 'duration',
    priceVersion: findPrices(model, issuedAtMs)?.version ?? null,
  };
}

function createCall(sketch: Sketch, issuedAtMs: number): Partial<NewSessionRow> {
  const { endedBy = null, reason = null, seconds = null, messages } = sketch;
  const connectedAtMs = issuedAtMs + 900;
  const end: Partial<NewSessionRow> =
    endedBy === null
      ? {}
      : {
          endedBy,
          reason,
          endedAt: new Date(connectedAtMs + (seconds ?? 2) * 1_000),
          messageCount: messages ?? 0,
        };
  if (seconds === null) return end;
  const { transport = 'webrtc', isDisputed = false } = sketch;
  return {
    ...end,
    transport,
    connectedAt: new Date(connectedAtMs),
    durationSeconds: seconds,
    reportedDurationSeconds: isDisputed ? seconds * 40 : seconds,
    isDurationDisputed: isDisputed,
    icePair: transport === 'webrtc' ? { local: 'host', remote: 'host', protocol: 'udp' } : null,
  };
}

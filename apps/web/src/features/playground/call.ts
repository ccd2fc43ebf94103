import type {
  ConnectionStats,
  Levels,
  RealtimeSession,
  RealtimeSessionOptions,
  SessionState,
  SessionWarning,
  TranscriptItem,
} from '@ephemera/realtime-client';
import { createSignal } from 'solid-js';
import type { Accessor } from 'solid-js';

import { nextActivity } from './activity.ts';
import type { Activity } from './activity.ts';
import { appendLine, createLogLine } from './event-log.ts';
import type { LogLine } from './event-log.ts';
import type { RealtimeModule } from './realtime-module.ts';

export type CallMetrics = {
  firstAudioMs: number | null;
  turns: readonly number[];
  stats: ConnectionStats | null;
};

export type CallWarning = SessionWarning['code'] | 'silent' | 'time_almost_up';

/** One call after another, as signals; the last one stays readable after its end. */
export type Call = {
  state: Accessor<SessionState>;
  activity: Accessor<Activity>;
  transcript: Accessor<readonly TranscriptItem[]>;
  metrics: Accessor<CallMetrics>;
  log: Accessor<readonly LogLine[]>;
  warning: Accessor<CallWarning | null>;
  isMuted: Accessor<boolean>;
  isPlaybackBlocked: Accessor<boolean>;
  /** The page's own part of the call could not be fetched. */
  loadFailure: Accessor<Error | null>;
  /** Read by the drawing loop many times a second: no signal. */
  readLevels(): Levels;
  start(prepare: (client: CallClient) => RealtimeSessionOptions): void;
  end(): void;
  /** The same, until the broker knows of it. */
  finish: () => Promise<void>;
  toggleMute(): void;
  sendText(text: string): void;
  interrupt(): void;
  resumePlayback(): void;
};

export type CallClient = Pick<RealtimeModule, 'createBroker' | 'createRealtimeSession'>;

/** The client as far as it is loaded: at once when it is there, so that the click still counts as a gesture. */
export type FindClient = () => CallClient | Promise<CallClient>;

type Prepare = (client: CallClient) => RealtimeSessionOptions;

/** A failure is in `state`, which the page shows: the promise says it a second time. */
const ignore = () => undefined;

const NO_LEVELS: Levels = { microphone: null, remote: null };
const NO_METRICS: CallMetrics = { firstAudioMs: null, turns: [], stats: null };

function createCallSignals() {
  const [state, setState] = createSignal<SessionState>({ status: 'idle' });
  const [activity, setActivity] = createSignal<Activity>('listening');
  const [transcript, setTranscript] = createSignal<readonly TranscriptItem[]>([]);
  const [metrics, setMetrics] = createSignal<CallMetrics>(NO_METRICS);
  const [log, setLog] = createSignal<readonly LogLine[]>([]);
  const [warning, setWarning] = createSignal<CallWarning | null>(null);
  const [isMuted, setIsMuted] = createSignal(false);
  const [isPlaybackBlocked, setIsPlaybackBlocked] = createSignal(false);
  const [loadFailure, setLoadFailure] = createSignal<Error | null>(null);
  const readers = {
    state,
    activity,
    transcript,
    metrics,
    log,
    warning,
    isMuted,
    isPlaybackBlocked,
    loadFailure,
  };
  const writers = {
    setState,
    setActivity,
    setTranscript,
    setMetrics,
    setLog,
    setWarning,
    setIsMuted,
    setIsPlaybackBlocked,
    setLoadFailure,
  };
  return { readers, writers };
}

type Writers = ReturnType<typeof createCallSignals>['writers'];

function reset(write: Writers): void {
  write.setActivity('listening');
  write.setTranscript([]);
  write.setMetrics(NO_METRICS);
  write.setLog([]);
  write.setWarning(null);
  write.setIsMuted(false);
  write.setIsPlaybackBlocked(false);
  write.setLoadFailure(null);
}

/** Every event of the session into its signal. */
function listen(session: RealtimeSession, write: Writers, levels: Levels): void {
  let nextId = 1;
  session.on('state', write.setState);
  session.on('transcript', write.setTranscript);
  session.on('muted', write.setIsMuted);
  session.on('levels', (next) => Object.assign(levels, next));
  session.on('event', (logged) => {
    const line = createLogLine(nextId, logged);
    nextId += 1;
    write.setLog((lines) => appendLine(lines, line));
    if (logged.direction === 'in') write.setActivity((current) => nextActivity(current, logged.event.type));
  });
  session.on('first_audio', ({ ms }) => write.setMetrics((known) => ({ ...known, firstAudioMs: ms })));
  session.on('turn_latency', ({ ms }) =>
    write.setMetrics((known) => ({ ...known, turns: [...known.turns, ms] })),
  );
  session.on('stats', (stats) => write.setMetrics((known) => ({ ...known, stats })));
  session.on('playback_blocked', () => write.setIsPlaybackBlocked(true));
  session.on('playback_resumed', () => write.setIsPlaybackBlocked(false));
  session.on('microphone_silent', (isSilent) => write.setWarning(isSilent ? 'silent' : null));
  session.on('time_almost_up', () => write.setWarning('time_almost_up'));
  session.on('time_up', () => write.setWarning(null));
  session.on('warning', ({ code }) => write.setWarning(code));
}

export function createCall(findClient: FindClient): Call {
  const { readers, writers } = createCallSignals();
  let session: RealtimeSession | null = null;
  let levels: Levels = { ...NO_LEVELS };
  let attempt = 0;

  function connect(client: CallClient, prepare: Prepare): void {
    session = client.createRealtimeSession(prepare(client));
    listen(session, writers, levels);
    session.connect().catch(ignore);
  }

  async function connectLater(loading: Promise<CallClient>, prepare: Prepare): Promise<void> {
    attempt += 1;
    const own = attempt;
    writers.setState({ status: 'connecting', step: 'token', steps: [], secret: null });
    try {
      const client = await loading;
      if (own === attempt) connect(client, prepare);
    } catch (cause) {
      writers.setState({ status: 'idle' });
      writers.setLoadFailure(
        cause instanceof Error ? cause : new TypeError('The client could not be loaded', { cause }),
      );
    }
  }

  return {
    ...readers,
    readLevels: () => levels,
    start(prepare) {
      reset(writers);
      session = null;
      levels = { ...NO_LEVELS };
      const client = findClient();
      if (client instanceof Promise) void connectLater(client, prepare);
      else connect(client, prepare);
    },
    end() {
      attempt += 1;
      levels = { ...NO_LEVELS };
      if (session === null) writers.setState({ status: 'idle' });
      else void session.end();
    },
    finish: async () => {
      await session?.end();
    },
    toggleMute() {
      session?.setMuted(!readers.isMuted());
    },
    sendText(text) {
      if (readers.state().status === 'connected') session?.sendText(text);
    },
    interrupt() {
      if (readers.state().status === 'connected') session?.interrupt();
    },
    resumePlayback() {
      session?.resumePlayback().catch(ignore);
    },
  };
}

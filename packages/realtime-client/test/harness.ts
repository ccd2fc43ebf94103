import type {
  Broker,
  ConnectedState,
  Platform,
  RealtimeSession,
  RealtimeSessionOptions,
  SessionState,
} from '../src/index.ts';
import { createRealtimeSession } from '../src/index.ts';
import { fakeAs } from './fake-as.ts';
import { createFakeBroker } from './fake-broker.ts';
import type { FakeBroker } from './fake-broker.ts';
import { createFakeClock, settle } from './fake-clock.ts';
import type { FakeClock } from './fake-clock.ts';
import { createDevices, createFakeStream, FakeAudioContext, FakeAudioOutput } from './fake-media.ts';
import type { FakeStream } from './fake-media.ts';
import { FakePeerConnection } from './fake-peer.ts';

type HarnessOptions = Partial<Omit<RealtimeSessionOptions, 'broker' | 'platform'>> & {
  broker?: Partial<Broker>;
  platform?: Partial<Platform>;
};

/** A session among fakes, with a log of what happened outside, in order. */
export type Harness = {
  session: RealtimeSession;
  clock: FakeClock;
  broker: FakeBroker;
  context: FakeAudioContext;
  output: FakeAudioOutput;
  microphones: FakeStream[];
  states: SessionState[];
  /** `{url, init}` of every SDP exchange. */
  posts: { url: string; init: RequestInit }[];
  readonly peers: FakePeerConnection[];
  /** The only peer connection so far. */
  readonly peer: FakePeerConnection;
  hidePage(): void;
  /** Starts connecting and plays the other side up to (and with) `session.created`. */
  connect(): Promise<ConnectedState>;
};

export const CREATED = { type: 'session.created', session: { type: 'realtime', id: 'sess_1' } };

/** The provider's answer to an offer. */
function createAnswer(): Response {
  return new Response('v=0 answer', { status: 201, headers: { Location: '/v1/realtime/calls/rtc_7' } });
}

export function createHarness({ broker, platform, ...options }: HarnessOptions = {}): Harness {
  const clock = createFakeClock();
  const context = new FakeAudioContext();
  const output = new FakeAudioOutput();
  const peers: FakePeerConnection[] = [];
  const microphones: FakeStream[] = [];
  const posts: Harness['posts'] = [];
  const pageListeners = new Set<() => void>();
  const states: SessionState[] = [];
  const fakeBroker = createFakeBroker(broker);

  const fakePlatform: Platform = {
    clock,
    RTCPeerConnection: fakeAs(
      class extends FakePeerConnection {
        constructor(configuration?: RTCConfiguration) {
          super(configuration);
          peers.push(this);
        }
      },
    ),
    mediaDevices: createDevices(() => {
      const stream = createFakeStream();
      microphones.push(stream);
      return Promise.resolve(stream);
    }),
    fetch(input, init = {}) {
      posts.push({ url: input instanceof Request ? input.url : input.toString(), init });
      return Promise.resolve(createAnswer());
    },
    createAudioContext: () => fakeAs(context),
    createAudioOutput: () => fakeAs(output),
    createMediaStream: () => createFakeStream(),
    addPageCloseListener(listener) {
      pageListeners.add(listener);
      return () => void pageListeners.delete(listener);
    },
    ...platform,
  };
  const session = createRealtimeSession({ ...options, broker: fakeBroker, platform: fakePlatform });
  session.on('state', (state) => states.push(state));

  const harness: Harness = {
    session,
    clock,
    broker: fakeBroker,
    context,
    output,
    microphones,
    states,
    posts,
    peers,
    get peer() {
      const [first] = peers;
      if (!first) throw new Error('No peer connection was made');
      return first;
    },
    hidePage() {
      for (const listener of pageListeners) listener();
    },
    async connect() {
      const connecting = session.connect();
      await settle();
      await settle();
      harness.peer.changeState('connected');
      harness.peer.channel.open();
      await settle();
      harness.peer.channel.receiveEvent(CREATED);
      const connected = await connecting;
      await settle();
      return connected;
    },
  };
  return harness;
}

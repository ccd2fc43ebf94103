import type {
  Broker,
  ConnectedReport,
  EndReport,
  MintedSecret,
  MintInput,
  UsageReport,
} from '../src/index.ts';

export type FakeBroker = Broker & {
  readonly minted: MintInput[];
  readonly connected: ConnectedReport[];
  readonly ended: EndReport[];
  readonly beacons: EndReport[];
  readonly usage: UsageReport[];
  readonly usageBeacons: UsageReport[];
  heartbeats: number;
  /** What the next heartbeat is answered with. */
  remainingSeconds: number;
  refreshes: number;
};

export const SECRET: MintedSecret = {
  value: 'ek_test',
  sessionId: 'ses_1',
  callsUrl: 'https://provider.test/v1/realtime/calls',
  model: 'gpt-realtime-2.1',
  warnings: [],
  expiresAt: new Date('2026-11-21T12:01:00Z'),
  serverTime: new Date('2026-11-21T12:00:00Z'),
};

export function createFakeBroker(overrides: Partial<Broker> = {}): FakeBroker {
  const broker: FakeBroker = {
    minted: [],
    connected: [],
    ended: [],
    beacons: [],
    usage: [],
    usageBeacons: [],
    heartbeats: 0,
    remainingSeconds: 1_800,
    refreshes: 0,
    mint(input) {
      broker.minted.push(input);
      return Promise.resolve(SECRET);
    },
    issueIceServers: () =>
      Promise.resolve({
        iceServers: [{ urls: ['turn:turn.test'] }],
        provider: 'coturn',
        expiresAt: SECRET.expiresAt,
      }),
    reportConnected(report) {
      broker.connected.push(report);
      return Promise.resolve();
    },
    heartbeat() {
      broker.heartbeats += 1;
      return Promise.resolve({ remainingSeconds: broker.remainingSeconds });
    },
    reportUsage(report) {
      broker.usage.push(report);
      return Promise.resolve();
    },
    reportUsageOnClose(report) {
      broker.usageBeacons.push(report);
    },
    reportEnd(report) {
      broker.ended.push(report);
      return Promise.resolve();
    },
    reportEndOnClose(report) {
      broker.beacons.push(report);
      return true;
    },
    refreshAccess() {
      broker.refreshes += 1;
      return Promise.resolve();
    },
    ...overrides,
  };
  return broker;
}

import { fakeAs } from './fake-as.ts';

function fire(target: EventTarget, type: string, fields: object = {}): void {
  target.dispatchEvent(Object.assign(new Event(type), fields));
}

export class FakeChannel extends EventTarget {
  readyState: RTCDataChannelState = 'connecting';
  readonly sent: { type: string; [field: string]: unknown }[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 'closed';
  }

  open(): void {
    this.readyState = 'open';
    fire(this, 'open');
  }

  closeRemotely(): void {
    this.readyState = 'closed';
    fire(this, 'close');
  }

  receive(data: unknown): void {
    fire(this, 'message', { data });
  }

  /** One server event; `event_id` is added. */
  receiveEvent(event: { type: string; [field: string]: unknown }): void {
    this.receive(JSON.stringify({ event_id: 'event_1', ...event }));
  }
}

/** The parts of an RTCPeerConnection that the client touches, driven by hand. */
export class FakePeerConnection extends EventTarget {
  readonly configuration: RTCConfiguration | undefined;
  readonly channels: { label: string; channel: FakeChannel }[] = [];
  readonly senders: {
    track: MediaStreamTrack | null;
    replaceTrack(track: MediaStreamTrack | null): Promise<void>;
  }[] = [];
  connectionState: RTCPeerConnectionState = 'new';
  localDescription: { type: string; sdp: string } | null = null;
  remoteDescription: { type: string; sdp: string } | null = null;
  isClosed = false;
  stats: object[] = [
    { id: 'T1', type: 'transport', selectedCandidatePairId: 'P1' },
    {
      id: 'P1',
      type: 'candidate-pair',
      localCandidateId: 'L1',
      remoteCandidateId: 'R1',
      currentRoundTripTime: 0.012,
    },
    { id: 'L1', type: 'local-candidate', candidateType: 'host', protocol: 'udp' },
    { id: 'R1', type: 'remote-candidate', candidateType: 'srflx', protocol: 'udp' },
  ];

  constructor(configuration?: RTCConfiguration) {
    super();
    this.configuration = configuration;
  }

  createDataChannel(label: string): FakeChannel {
    const channel = new FakeChannel();
    this.channels.push({ label, channel });
    return channel;
  }

  addTrack(track: MediaStreamTrack): void {
    const sender = {
      track,
      replaceTrack: (next: MediaStreamTrack) => {
        sender.track = next;
        return Promise.resolve();
      },
    };
    this.senders.push(fakeAs(sender));
  }

  getSenders(): typeof this.senders {
    return this.senders;
  }

  createOffer(): Promise<{ type: string; sdp: string }> {
    return Promise.resolve({ type: 'offer', sdp: 'v=0 offer' });
  }

  setLocalDescription(description: { type: string; sdp: string }): Promise<void> {
    this.localDescription = description;
    return Promise.resolve();
  }

  setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    if (description.sdp.includes('broken'))
      return Promise.reject(new TypeError('Failed to parse SessionDescription'));
    this.remoteDescription = description;
    return Promise.resolve();
  }

  getStats(): Promise<Map<string, object>> {
    return Promise.resolve(new Map(this.stats.map((stat, index) => [String(index), stat])));
  }

  close(): void {
    this.isClosed = true;
  }

  get channel(): FakeChannel {
    const [first] = this.channels;
    if (!first) throw new Error('No data channel was created');
    return first.channel;
  }

  changeState(connectionState: RTCPeerConnectionState): void {
    this.connectionState = connectionState;
    fire(this, 'connectionstatechange');
  }

  gather(candidate: { type: string; candidate: string } | null): void {
    fire(this, 'icecandidate', { candidate });
  }

  refuseTurn(errorCode: number): void {
    fire(this, 'icecandidateerror', { errorCode });
  }

  addRemoteStream(stream: MediaStream): void {
    fire(this, 'track', { streams: [stream], track: {} });
  }
}

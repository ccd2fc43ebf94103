import { connect, type OnReadOpts, type Socket } from 'node:net';

import { type Answer, readAnswer } from './answer-reader.ts';

const READ_BUFFER_BYTES = 65_536;
const ANSWER_TIMEOUT_MS = 10_000;

/** One keep-alive connection with at most one open request. */
export type Lane = { send: () => void; close: () => void };

export type LaneOptions = {
  port: number;
  request: () => Buffer;
  wantsBody: boolean;
  onAnswer: (answer: Answer, latencyMs: number, lane: Lane) => void;
  /** Called once, unless the lane was closed before. */
  onFailure: (reason: string, text: string) => void;
};

/** Reads are handled before the next one starts, so one buffer serves all connections. */
const readBuffer = Buffer.allocUnsafe(READ_BUFFER_BYTES);

function createReadOptions(receive: (bytes: Buffer) => void): OnReadOpts {
  return {
    buffer: readBuffer,
    callback: (count) => {
      receive(readBuffer.subarray(0, count));
      return true;
    },
  };
}

/** Connects; resolves when requests can be sent. */
export function openLane(options: LaneOptions): Promise<Lane> {
  const ready = Promise.withResolvers<Lane>();
  let sentAt = 0;
  let isOpen = true;
  let pending: Buffer | null = null;

  const close = (): void => {
    isOpen = false;
    socket.destroy();
  };
  const fail = (reason: string, text: string): void => {
    ready.reject(new Error(`${reason}: ${text}`));
    if (!isOpen) return;
    close();
    options.onFailure(reason, text);
  };
  const lane: Lane = {
    close,
    send: () => {
      sentAt = performance.now();
      socket.write(options.request());
    },
  };
  const receive = (bytes: Buffer): void => {
    const whole: Buffer = pending === null ? bytes : Buffer.concat([pending, bytes]);
    const answer = readAnswer(whole, options.wantsBody);
    pending = answer === null ? Buffer.from(whole) : null;
    if (answer !== null) options.onAnswer(answer, performance.now() - sentAt, lane);
  };

  const socket: Socket = connect({
    host: '127.0.0.1',
    port: options.port,
    noDelay: true,
    onread: createReadOptions(receive),
  });
  socket.setTimeout(ANSWER_TIMEOUT_MS, () => {
    fail('no answer', `nothing within ${ANSWER_TIMEOUT_MS} ms`);
  });
  socket.once('connect', () => {
    ready.resolve(lane);
  });
  socket.once('error', (error) => {
    fail('connection error', error.message);
  });
  socket.once('close', () => {
    fail('connection closed', 'the server ended a connection');
  });
  return ready.promise;
}

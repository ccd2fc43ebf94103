import { type LoopParts, type NodeLoop, startLoop } from './loops.ts';
import type { NodeMessage, Trust } from './message-crypto.ts';
import {
  type MessageHandlers,
  MessageIntake,
  type RejectedMessage,
  type ReplyOptions,
} from './message-intake.ts';
import { pollMessages, type SourceParts, streamMessages } from './message-source.ts';
import type { SendReceipt } from './messages.ts';
import { type NodeCalls, openMailbox } from './node-calls.ts';
import { NodeClientError } from './node-error.ts';
import type { NodeSession } from './node-session.ts';

export type ListenOptions = Partial<Trust> & {
  /** By message type; `'*'` takes the rest. A type without a handler is logged and marked as read. */
  handlers: MessageHandlers;
  /** `stream` by default: server-sent events. `poll`: long polls, for what stands in between and holds streams back. */
  transport?: 'stream' | 'poll';
  /** How many handlers run at once; 1 by default, which keeps the order. */
  concurrency?: number;
  /** So many times a handler is tried, 1 s, 2 s, 4 s … apart; 5 by default. Then the message stays unread. */
  maxHandlerTries?: number;
  /** Told of messages that are not to be believed; they are logged and marked as read. */
  onRejected?: (rejected: RejectedMessage) => void;
  signal?: AbortSignal;
};

export type MessageLoopParts = LoopParts & {
  nodeId: string;
  session: NodeSession;
  calls: NodeCalls;
  closeTimeoutMs: number;
};

type Reply = (message: NodeMessage, content: unknown, more: ReplyOptions) => Promise<SendReceipt | null>;

function createReply({ calls, log }: MessageLoopParts): Reply {
  return async (message, content, more) => {
    const { id, fromNode, messageType, isEncrypted, isSigned, metadata } = message;
    const { correlation_id: correlationId } = metadata;
    try {
      return await calls.send({
        type: `${messageType}.reply`,
        encrypt: isEncrypted,
        sign: isSigned,
        ...more,
        to: fromNode,
        content,
        metadata: {
          ...(correlationId === undefined ? {} : { correlation_id: correlationId }),
          ...more.metadata,
          in_reply_to: id,
        },
        idempotencyKey: `reply:${id}`,
      });
    } catch (error) {
      // Another answer under the same key: the handler was here before.
      if (!(error instanceof NodeClientError) || error.serverCode !== 'idempotency_key_reused') throw error;
      log('debug', 'message.answered_before', { messageId: id });
      return null;
    }
  };
}

function requireCount(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new NodeClientError('invalid_options', `${name} must be a whole number from 1.`);
}

/** What the host does with the news is not to stop the messages. */
function guard(onRejected: ListenOptions['onRejected']): (rejected: RejectedMessage) => void {
  return (rejected) => {
    try {
      onRejected?.(rejected);
    } catch {
      // It is in the log as well.
    }
  };
}

/** @throws NodeClientError `invalid_options` */
export function startListening(parts: MessageLoopParts, options: ListenOptions): NodeLoop {
  const { runtime, log, calls, session, nodeId } = parts;
  const { requireSignature = false, requireEncryption = false, transport = 'stream' } = options;
  const concurrency = requireCount('concurrency', options.concurrency ?? 1);
  const intake = new MessageIntake({
    runtime,
    log,
    handlers: options.handlers,
    concurrency,
    maxHandlerTries: requireCount('maxHandlerTries', options.maxHandlerTries ?? 5),
    open: (message) => calls.openMessage(message, { requireSignature, requireEncryption }),
    markRead: (messageId) => calls.markRead(messageId),
    reply: createReply(parts),
    onRejected: guard(options.onRejected),
  });
  const source: SourceParts = {
    runtime,
    log,
    intake,
    concurrency,
    listPending: calls.listPending,
    openMailbox: (lastEventId, signal) => openMailbox({ nodeId, session }, lastEventId, signal),
  };
  return startLoop({
    signal: options.signal,
    run: (signal) => (transport === 'poll' ? pollMessages : streamMessages)(source, signal),
    drain: () => intake.stop(parts.closeTimeoutMs),
  });
}

import type { PendingMessage, Rejection, SendReceipt } from '@ephemera/api';

/** A message as the contract writes it. */
export function toMessageBody(message: PendingMessage) {
  return {
    id: message.id,
    from_node: message.fromNode,
    message_type: message.messageType,
    content: message.content,
    priority: message.priority,
    created_at: message.createdAt,
    expires_at: message.expiresAt,
    metadata: message.metadata,
  };
}

function toRejectionBody({ nodeId, reason }: Rejection): { node_id: string; reason: Rejection['reason'] } {
  return { node_id: nodeId, reason };
}

export function toReceiptBody({ messageId, accepted, rejected }: SendReceipt) {
  return {
    message_id: messageId,
    accepted,
    rejected: rejected.map(toRejectionBody),
  };
}

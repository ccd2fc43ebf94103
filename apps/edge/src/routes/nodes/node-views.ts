import type { NodeTokenPair, NodeView } from '@ephemera/api';

/** A node as the contract writes it. */
export function toNodeBody(node: NodeView) {
  return {
    node_id: node.id,
    name: node.name,
    type: node.type,
    capabilities: node.capabilities,
    endpoint: node.endpoint,
    status: node.status,
    load: node.load,
    available_resources: node.availableResources,
    metadata: node.metadata,
    last_seen: node.lastSeenAt,
  };
}

export function toTokenBody(tokens: NodeTokenPair) {
  return {
    access_token: tokens.accessToken,
    refresh_token: tokens.refreshToken,
    token_type: tokens.tokenType,
    expires_in: tokens.expiresIn,
  };
}

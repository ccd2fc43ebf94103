import type { Actor } from '../context.ts';
import type { NodeIdentity } from '../nodes/identity.ts';
import type { TokenCheck } from './user-tokens.ts';
import { refuseToken } from './user-tokens.ts';

/** The tokens of machines. The node's own row decides what it may, whatever the token says. */
export function createNodeCheck({ issuer, tokens, book }: NodeIdentity): TokenCheck {
  async function load(nodeId: string): Promise<Actor> {
    const node = await book.find(nodeId);
    if (node === null) throw refuseToken(undefined, 'node');
    return node.actor;
  }

  return async (token, shape) => {
    const { kid } = shape;
    const checked = shape.issuer === issuer && kid !== null ? await tokens.check(token, kid) : null;
    if (checked === null) throw refuseToken(undefined, 'node');
    const { nodeId, expiresAtMs } = checked;
    return { actor: await load(nodeId), expiresAtMs, reload: () => load(nodeId) };
  };
}

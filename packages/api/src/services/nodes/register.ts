import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { NodePublicKey } from '../../nodes/public-key.ts';
import { parsePublicKey } from '../../nodes/public-key.ts';
import { hashToken } from '../../nodes/refresh-tokens.ts';
import { isRegistrationToken } from '../../nodes/registration-tokens.ts';
import { countStatement, openRateWindow, requireRoom } from '../internal/rate-limit.ts';
import { findNode } from './find.ts';
import { readRegistered } from './read-registered.ts';
import type { Registered } from './read-registered.ts';
import { insertNode, updateRegistration } from './store-registration.ts';
import type { NodeDetail } from './view.ts';

export type RegisterNodeInput = {
  id: string;
  name: string;
  type: string;
  capabilities: readonly string[];
  publicKey: string;
  endpoint: string;
  metadata: Readonly<Record<string, unknown>>;
};

/** What is asked for, with what has been read from it. */
export type Registration = { input: RegisterNodeInput; key: NodePublicKey; tokenHash: string | null };

export type RegisteredNode = { node: NodeDetail; isNew: boolean };

const REFUSALS_PER_MINUTE = 60;

function refuse(message: string): AppError {
  return new AppError('forbidden', message);
}

function taken(message: string): AppError {
  return new AppError('conflict', message);
}

/** Every refusal is counted by address: whoever guesses tokens or ids is told to wait. */
async function countRefusal(ctx: ServiceContext, refusal: AppError): Promise<never> {
  const window = openRateWindow(ctx.clock, {
    scope: 'node_refused',
    subject: ctx.address ?? 'unknown',
    limit: REFUSALS_PER_MINUTE,
  });
  const counted = await ctx.database.write(countStatement(window));
  requireRoom(ctx.clock, window, counted);
  throw refusal;
}

/**
 * A second registration with the same key changes what others are told about the node. A public key is no secret, so where
 * registration is not open it takes proof: the node's own token, or the registration token it came with.
 */
function requireProof(ctx: ServiceContext, known: Registered, { tokenHash }: Registration): void {
  const { actor, settings } = ctx;
  if (actor.kind === 'node' && actor.id === known.id) return;
  if (settings.nodes.registration === 'open') return;
  if (settings.nodes.registration === 'token' && tokenHash !== null && tokenHash === known.tokenHash) return;
  throw refuse('To register again, a node shows its access token, or the registration token it came with.');
}

function requireOpenDoor(ctx: ServiceContext, { tokenHash }: Registration): void {
  const { registration } = ctx.settings.nodes;
  if (registration === 'closed') throw refuse('Registration is closed.');
  if (registration === 'token' && tokenHash === null) {
    throw refuse('Registration needs a valid registration token (X-Registration-Token).');
  }
}

async function registerAgain(
  ctx: ServiceContext,
  known: Registered,
  registration: Registration,
): Promise<RegisteredNode> {
  requireProof(ctx, known, registration);
  if (known.isRevoked) throw refuse('This node was revoked.');
  await updateRegistration(ctx, registration);
  ctx.nodes.book.forget(known.id);
  return { node: await findNode(ctx, known.id), isNew: false };
}

async function enter(ctx: ServiceContext, registration: Registration): Promise<RegisteredNode> {
  const { input, key } = registration;
  const known = await readRegistered(ctx, input.id);
  if (known !== null && known.fingerprint === key.fingerprint) {
    return await registerAgain(ctx, known, registration);
  }
  requireOpenDoor(ctx, registration);
  const outcome = await insertNode(ctx, registration);
  if (outcome === 'stored') {
    ctx.nodes.book.forget(input.id);
    return { node: await findNode(ctx, input.id), isNew: true };
  }
  if (outcome === 'bad_token')
    throw refuse('Registration needs a valid registration token (X-Registration-Token).');
  if (outcome === 'id_taken') throw taken('This node id is taken by another key.');
  throw taken('This key belongs to another node.');
}

/**
 * A machine enters the network, or tells anew what it is. Throws `invalid_request` for a bad key, `forbidden` where it is
 * not let in, `conflict` where its id or its key is another node's.
 */
export async function registerNode(
  ctx: ServiceContext,
  input: RegisterNodeInput,
  registrationToken: string | null,
): Promise<RegisteredNode> {
  const key = await parsePublicKey(input.publicKey);
  const isToken = registrationToken !== null && isRegistrationToken(registrationToken);
  const tokenHash = isToken ? hashToken(registrationToken) : null;
  try {
    return await enter(ctx, { input, key, tokenHash });
  } catch (error) {
    if (error instanceof AppError && error.code === 'forbidden') return await countRefusal(ctx, error);
    throw error;
  }
}

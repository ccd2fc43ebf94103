import { readRegisteredNode, type RegisteredNode } from './directory.ts';
import type { Log } from './log.ts';
import { describeFailure } from './log.ts';
import { NodeClientError } from './node-error.ts';
import { type Answer, type Call, type NodeHttp, parseJson } from './node-http.ts';
import { createInvalidAnswer, type NodeSession } from './node-session.ts';
import type { JsonObject } from './readers.ts';

/** What a node tells of itself when it registers. */
export type NodeDescription = {
  /** 1 to 128 letters, digits or any of `. _ : -`. */
  id: string;
  name: string;
  /** `gateway`, `compute`, … */
  type: string;
  capabilities?: readonly string[];
  /** Where others reach it: an http(s) or ws(s) address. */
  endpoint: string;
  /** `region` is what the directory looks up by. */
  metadata?: JsonObject;
};

export type RegistrationParts = {
  node: NodeDescription;
  publicKeyPem: string;
  registrationToken: string | undefined;
  http: NodeHttp;
  session: NodeSession;
  log: Log;
};

function describeCall(
  { node, publicKeyPem, registrationToken }: RegistrationParts,
  signal: AbortSignal | undefined,
): Call {
  const body = {
    node_id: node.id,
    name: node.name,
    type: node.type,
    capabilities: node.capabilities ?? [],
    public_key: publicKeyPem,
    endpoint: node.endpoint,
    metadata: node.metadata ?? {},
  };
  return {
    method: 'POST',
    path: '/api/v1/auth/register',
    body: JSON.stringify(body),
    headers: registrationToken === undefined ? {} : { 'x-registration-token': registrationToken },
    // The same key again is the same node again.
    isRepeatable: true,
    signal,
  };
}

function readAnswer(answer: Answer, { http }: RegistrationParts): RegisteredNode {
  const node = readRegisteredNode(parseJson(answer.text));
  if (node === null) throw createInvalidAnswer(answer, http.origin);
  return node;
}

/**
 * Registers and signs in. A node that is known but shows no registration token proves itself by its key, and then tells anew
 * what it is.
 */
export async function registerAndSignIn(
  parts: RegistrationParts,
  signal: AbortSignal | undefined,
): Promise<RegisteredNode> {
  const { http, session, log } = parts;
  const call = describeCall(parts, signal);
  try {
    const node = readAnswer(await http.call(call), parts);
    await session.signIn(signal);
    return node;
  } catch (error) {
    if (!(error instanceof NodeClientError) || error.code !== 'forbidden') throw error;
    log('debug', 'node.registration_refused', describeFailure(error));
    return readAnswer(await registerByKey(parts, call, error), parts);
  }
}

/** Throws the first refusal where the key is not known either: it says what is missing. */
async function registerByKey(
  { session }: RegistrationParts,
  call: Call,
  refusal: NodeClientError,
): Promise<Answer> {
  try {
    await session.signIn(call.signal);
  } catch (error) {
    if (error instanceof NodeClientError && error.code === 'unauthorized') throw refusal;
    throw error;
  }
  return await session.call(call);
}

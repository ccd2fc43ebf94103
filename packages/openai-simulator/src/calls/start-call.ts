import type { SessionConfig } from '@ephemera/realtime-protocol';

import { applySessionUpdate, createEffectiveSession, type EffectiveSession } from '../core/session-config.ts';
import { Peer } from '../engine/peer.ts';
import { dropCandidates } from '../engine/sdp.ts';
import type { FaultAction } from '../faults/fault.ts';
import type { Credential } from '../http/credentials.ts';
import type { Simulation } from '../simulation.ts';
import { Call, type Transport } from './call.ts';

export type StartRequest = {
  credential: Credential;
  /** What the caller asks for; lies over what a client secret was made with. */
  asked: SessionConfig | undefined;
  safetyIdentifier: string | null;
  faults: readonly FaultAction[];
};

/** The session of a new call. The first call of a secret has the id that the mint announced. */
function createSession(simulation: Simulation, request: StartRequest): EffectiveSession {
  const { createId } = simulation.options;
  if (request.credential.kind === 'key') return createEffectiveSession(createId('sess_'), request.asked);
  const { secret } = request.credential;
  const id = secret.isStarted ? createId('sess_') : secret.session.id;
  secret.isStarted = true;
  const base = createEffectiveSession(id, secret.asked);
  if (request.asked === undefined) return base;
  return applySessionUpdate(base, request.asked) ?? createEffectiveSession(id, request.asked);
}

export function createCall(simulation: Simulation, request: StartRequest, transport: Transport): Call {
  const { credential } = request;
  const bound = credential.kind === 'secret' ? credential.secret.safetyIdentifier : null;
  const call = new Call(
    {
      id: simulation.options.createId('rtc_'),
      simulation,
      session: createSession(simulation, request),
      safetyIdentifier: request.safetyIdentifier ?? bound,
      faults: request.faults,
    },
    transport,
  );
  simulation.calls.add(call);
  return call;
}

function breakAnswer(answer: string, faults: readonly FaultAction[]): string {
  if (faults.some((fault) => fault.kind === 'bad_sdp')) return 'v=0\r\nthis is no session description\r\n';
  return faults.some((fault) => fault.kind === 'ice_never') ? dropCandidates(answer) : answer;
}

/**
 * Answers an offer and starts the call that it asks for.
 * @throws {InvalidOfferError} when the offer cannot be answered.
 */
export async function startPeerCall(
  simulation: Simulation,
  request: StartRequest,
  offer: string,
): Promise<{ call: Call; answer: string }> {
  const holder: { call: Call | null } = { call: null };
  const { peer, output, answer } = await Peer.answer(offer, simulation.options.peer, {
    onOpen: () => holder.call?.start(),
    onMessage: (text) => holder.call?.session.receive(text),
    onSound: (pcm) => holder.call?.session.hear(pcm),
    onClosed: () => holder.call?.end(),
  });
  holder.call = createCall(simulation, request, {
    kind: 'webrtc',
    output,
    send: (text) => peer.send(text),
    closeChannel: () => peer.closeChannel(),
    close: () => peer.close(),
    findSelectedPair: () => peer.findSelectedPair(),
  });
  return { call: holder.call, answer: breakAnswer(answer, request.faults) };
}

import type { EndedBy, IcePair } from '../broker/broker.ts';
import type { SessionUsage } from '../conversation/usage.ts';
import type { RealtimeError } from '../errors.ts';
import { applyAction } from '../action-table.ts';
import type { ActionTable } from '../action-table.ts';
import type { SecretFacts, SessionState } from './state.ts';
import type { ConnectStep, StepTiming } from './steps.ts';

export type SessionAction =
  | { type: 'step_started'; step: ConnectStep }
  | { type: 'step_finished'; timing: StepTiming }
  | { type: 'minted'; secret: SecretFacts }
  | { type: 'connected'; connectedAt: Date; callId: string | null }
  | { type: 'path_changed'; path: 'live' | 'interrupted' }
  | { type: 'pair_selected'; icePair: IcePair }
  | { type: 'failed'; error: RealtimeError }
  | {
      type: 'ended';
      endedBy: EndedBy;
      reason: string;
      error: RealtimeError | null;
      durationSeconds: number;
      messageCount: number;
      usage: SessionUsage | null;
    };

const TRANSITIONS: Required<ActionTable<SessionState, SessionAction>> = {
  step_started: startStep,
  step_finished: (state, { timing }) =>
    state.status === 'connecting' ? { ...state, steps: [...state.steps, timing] } : state,
  minted: (state, { secret }) => (state.status === 'connecting' ? { ...state, secret } : state),
  connected: connect,
  path_changed: (state, { path }) =>
    state.status === 'connected' && state.path !== path ? { ...state, path } : state,
  pair_selected: (state, { icePair }) =>
    state.status === 'connected' && !isSamePair(state.icePair, icePair) ? { ...state, icePair } : state,
  failed: (state, { error }) =>
    state.status === 'connecting'
      ? { status: 'failed', error, secret: state.secret, steps: state.steps }
      : state,
  ended: end,
};

/**
 * The whole life of a session: `idle → connecting → connected → ended`, or `failed` from `connecting`. An action that does
 * not fit the present state changes nothing, so that whatever comes late is harmless.
 */
export function transition(state: SessionState, action: SessionAction): SessionState {
  return applyAction(TRANSITIONS, state, action);
}

type ActionOf<Type extends SessionAction['type']> = Extract<SessionAction, { type: Type }>;

function startStep(state: SessionState, { step }: ActionOf<'step_started'>): SessionState {
  if (state.status === 'idle') return { status: 'connecting', step, steps: [], secret: null };
  return state.status === 'connecting' && state.step !== step ? { ...state, step } : state;
}

function connect(state: SessionState, { connectedAt, callId }: ActionOf<'connected'>): SessionState {
  if (state.status !== 'connecting' || !state.secret) return state;
  const { secret, steps } = state;
  return { status: 'connected', secret, steps, connectedAt, callId, icePair: null, path: 'live' };
}

function end(state: SessionState, action: ActionOf<'ended'>): SessionState {
  if (state.status !== 'connecting' && state.status !== 'connected') return state;
  const { type: _type, ...outcome } = action;
  return { status: 'ended', secret: state.secret, steps: state.steps, ...outcome };
}

function isSamePair(a: IcePair | null, b: IcePair): boolean {
  return a?.local === b.local && a.remote === b.remote && a.protocol === b.protocol;
}

import { RealtimeError } from '../errors.ts';
import type { Clock } from '../platform/platform.ts';
import type { ConnectStep, Deadlines, StepTiming } from './steps.ts';

type StepOptions = {
  /** Instead of the code `timeout`, when the step itself knows better what a deadline means. */
  timeoutError?: () => RealtimeError;
};

/**
 * One run through the steps under one AbortSignal. Whatever ends it first (a step's error, a deadline, `abort`) is the
 * reason that every later wait rejects with.
 */
export type Attempt = {
  readonly signal: AbortSignal;
  abort(error: RealtimeError): void;
  run<T>(step: ConnectStep, action: () => Promise<T>, options?: StepOptions): Promise<T>;
};

type AttemptOptions = {
  clock: Clock;
  deadlines: Deadlines;
  onStepStarted: (step: ConnectStep) => void;
  onStepFinished: (timing: StepTiming) => void;
};

const DEADLINE_OF: Readonly<Record<ConnectStep, keyof Deadlines>> = {
  token: 'tokenMs',
  microphone: 'microphoneMs',
  offer: 'offerMs',
  sdp_exchange: 'sdpExchangeMs',
  data_channel: 'dataChannelMs',
  session_created: 'sessionCreatedMs',
};

/** Gives any thrown value the step's name; what is no RealtimeError by then is a bug or a platform quirk. */
function toStepError(cause: unknown, step: ConnectStep): RealtimeError {
  if (!(cause instanceof RealtimeError)) {
    return new RealtimeError('protocol', `The step ${step} failed unexpectedly`, { cause, step });
  }
  if (cause.step !== undefined) return cause;
  return cause.atStep(step);
}

export function createAttempt({ clock, deadlines, onStepStarted, onStepFinished }: AttemptOptions): Attempt {
  const controller = new AbortController();
  let reason: RealtimeError | null = null;
  let rejectWaiting: ((error: RealtimeError) => void) | null = null;
  let spentMs = 0;

  const abort = (error: RealtimeError) => {
    if (reason) return;
    reason = error;
    rejectWaiting?.(error);
    controller.abort();
  };

  /** The prompt is answered by a person: it has a deadline of its own and costs the others nothing. */
  const budgetOf = (step: ConnectStep) => {
    const own = deadlines[DEADLINE_OF[step]];
    return step === 'microphone' ? own : Math.max(0, Math.min(own, deadlines.overallMs - spentMs));
  };

  return {
    signal: controller.signal,
    abort,
    async run(step, action, { timeoutError } = {}) {
      if (reason) throw toStepError(reason, step);
      onStepStarted(step);
      const startedMs = clock.monotonicMs();
      const ms = budgetOf(step);
      const aborted = new Promise<never>((_resolve, reject) => (rejectWaiting = reject));
      const stopTimer = clock.startTimer(ms, () =>
        abort(timeoutError?.() ?? new RealtimeError('timeout', `The step ${step} took longer than ${ms} ms`)),
      );
      try {
        return await Promise.race([action(), aborted]);
      } catch (error) {
        throw toStepError(error, step);
      } finally {
        stopTimer();
        const tookMs = clock.monotonicMs() - startedMs;
        if (step !== 'microphone') spentMs += tookMs;
        onStepFinished({ name: step, ms: Math.round(tookMs) });
      }
    },
  };
}

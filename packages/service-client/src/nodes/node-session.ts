import { raceDeadline, type Runtime } from '../runtime.ts';
import { encodeText, toHex } from './encoding.ts';
import type { Log } from './log.ts';
import { describeFailure } from './log.ts';
import { NodeClientError } from './node-error.ts';
import {
  type Answer,
  type Call,
  type NodeHttp,
  type OpenAnswer,
  parseJson,
  readWaitMs,
} from './node-http.ts';
import { type NodeKeys, SIGN_PARAMS } from './node-keys.ts';
import { isObject, readNumber, readText } from './readers.ts';
import { pause, untilAborted } from './waiting.ts';

type Tokens = {
  kind: 'held';
  accessToken: string;
  refreshToken: string;
  /** From then on it is worth renewing. */
  renewAtMs: number;
  expiresAtMs: number;
};
type TokenState = { kind: 'none' } | Tokens;

type Outcome = { ok: true; tokens: Tokens } | { ok: false; error: unknown };
type Flight = { outcome: Promise<Outcome>; startedAtMs: number };

export type NodeSessionParts = {
  nodeId: string;
  keys: NodeKeys;
  http: NodeHttp;
  runtime: Runtime;
  log: Log;
  maxTries: number;
  /** Ends what goes on for nobody in particular. */
  closing: AbortSignal;
};

/** A fifth of its life, at most so long, is left when a token is renewed. */
const LONGEST_MARGIN_MS = 60_000;
/** A renewal that a Worker's ended request took with it is given up by those who wait for it. */
const FLIGHT_LEASE_MS = 30_000;

/** The node's tokens: renewed before they expire, and once on 401, by one request however many callers wait. */
export class NodeSession {
  readonly #parts: NodeSessionParts;
  #state: TokenState = { kind: 'none' };
  #flight: Flight | null = null;

  constructor(parts: NodeSessionParts) {
    this.#parts = parts;
  }

  /** A token that is good for a while yet. */
  async getToken(signal?: AbortSignal): Promise<string> {
    const state = this.#state;
    const nowMs = this.#now();
    if (state.kind === 'held' && nowMs < state.renewAtMs) return state.accessToken;
    try {
      return (await this.#awaitFlight(signal)).accessToken;
    } catch (error) {
      signal?.throwIfAborted();
      // While the old one is good, an outage of the sign-in is nobody's concern.
      const isGood = state.kind === 'held' && this.#state === state && this.#now() < state.expiresAtMs;
      if (isGood && error instanceof NodeClientError && error.retryable) return state.accessToken;
      throw error;
    }
  }

  /** Signs in anew, whatever is held. */
  async signIn(signal?: AbortSignal): Promise<void> {
    this.#state = { kind: 'none' };
    await this.#awaitFlight(signal);
  }

  /** The same call with the node's token; with a new one when the broker does not take the first. */
  async call(call: Call): Promise<Answer> {
    return await this.#withToken(call, (it) => this.#parts.http.call(it));
  }

  async open(call: Call): Promise<OpenAnswer> {
    return await this.#withToken(call, (it) => this.#parts.http.open(it));
  }

  async #withToken<T>(call: Call, run: (call: Call) => Promise<T>): Promise<T> {
    const token = await this.getToken(call.signal);
    try {
      return await run({ ...call, token });
    } catch (error) {
      if (!(error instanceof NodeClientError) || error.code !== 'unauthorized') throw error;
      this.#expire(token);
      return await run({ ...call, token: await this.getToken(call.signal) });
    }
  }

  /** Unless somebody has renewed it already. */
  #expire(token: string): void {
    const state = this.#state;
    if (state.kind !== 'held' || state.accessToken !== token) return;
    this.#state = { ...state, renewAtMs: 0, expiresAtMs: 0 };
  }

  #now(): number {
    return this.#parts.runtime.clock.now();
  }

  async #awaitFlight(signal: AbortSignal | undefined): Promise<Tokens> {
    for (let round = 0; round < 2; round += 1) {
      const flight = this.#joinFlight();
      const work = raceDeadline(this.#parts.runtime.clock, FLIGHT_LEASE_MS, flight.outcome);
      const outcome = await untilAborted(work, signal);
      if (outcome !== 'expired') {
        if (outcome.ok) return outcome.tokens;
        throw outcome.error;
      }
      if (this.#flight === flight) this.#flight = null;
    }
    throw new NodeClientError('timed_out', `Signing in at ${this.#parts.http.origin} took too long.`);
  }

  #joinFlight(): Flight {
    const nowMs = this.#now();
    const under = this.#flight;
    if (under !== null && nowMs - under.startedAtMs < FLIGHT_LEASE_MS) return under;
    const settled = this.#settle(this.#renew());
    const flight: Flight = { outcome: settled, startedAtMs: nowMs };
    flight.outcome = settled.then((outcome) => {
      if (this.#flight === flight) {
        this.#flight = null;
        if (outcome.ok) this.#state = outcome.tokens;
      }
      return outcome;
    });
    this.#flight = flight;
    return flight;
  }

  async #settle(work: Promise<Tokens>): Promise<Outcome> {
    try {
      return { ok: true, tokens: await work };
    } catch (error) {
      return { ok: false, error };
    }
  }

  async #renew(): Promise<Tokens> {
    const state = this.#state;
    return (state.kind === 'held' ? await this.#refresh(state) : null) ?? (await this.#prove());
  }

  /** Null: the refresh token is not good any more, and the key has to prove who this is. */
  async #refresh({ refreshToken }: Tokens): Promise<Tokens | null> {
    const { http, log } = this.#parts;
    try {
      const answer = await http.call({
        method: 'POST',
        path: '/api/v1/auth/refresh',
        token: refreshToken,
        // Within the broker's 10 s of grace the same token is answered again; later the key signs in anew.
        isRepeatable: true,
      });
      const tokens = this.#readTokens(answer);
      log('debug', 'node.token_refreshed');
      return tokens;
    } catch (error) {
      if (!(error instanceof NodeClientError) || error.code !== 'unauthorized') throw error;
      log('info', 'node.refresh_refused', describeFailure(error));
      return null;
    }
  }

  /** Challenge and answer. A challenge is good for one try, so what is repeated is both. */
  async #prove(): Promise<Tokens> {
    const { runtime, log, maxTries, closing } = this.#parts;
    for (let tries = 1; ; tries += 1) {
      try {
        const tokens = await this.#proveOnce();
        log('info', 'node.signed_in');
        return tokens;
      } catch (error) {
        const waitMs = readWaitMs(error, runtime, tries);
        if (waitMs === null || tries >= maxTries) throw this.#explain(error);
        await pause(runtime.clock, waitMs, closing);
      }
    }
  }

  #explain(error: unknown): unknown {
    if (!(error instanceof NodeClientError) || error.code !== 'unauthorized') return error;
    const { nodeId, http } = this.#parts;
    return new NodeClientError(
      'unauthorized',
      `The broker ${http.origin} does not know the node ${nodeId} with this key: register it, or it was revoked.`,
      { cause: error, status: error.status, serverCode: error.serverCode, requestId: error.requestId },
    );
  }

  async #proveOnce(): Promise<Tokens> {
    const { http, keys, nodeId } = this.#parts;
    const asked = await http.call({
      method: 'POST',
      path: '/api/v1/auth/login',
      body: JSON.stringify({ node_id: nodeId }),
      isRepeatable: true,
    });
    const body = parseJson(asked.text);
    const challenge = isObject(body) ? readText(body['challenge']) : null;
    if (challenge === null) throw createInvalidAnswer(asked, http.origin);
    const signature = toHex(await crypto.subtle.sign(SIGN_PARAMS, keys.signingKey, encodeText(challenge)));
    const verified = await http.call({
      method: 'POST',
      path: '/api/v1/auth/verify',
      body: JSON.stringify({ node_id: nodeId, challenge, signature }),
      isRepeatable: false,
    });
    return this.#readTokens(verified);
  }

  #readTokens(answer: Answer): Tokens {
    const body = parseJson(answer.text);
    const accessToken = isObject(body) ? readText(body['access_token']) : null;
    const refreshToken = isObject(body) ? readText(body['refresh_token']) : null;
    const seconds = isObject(body) ? readNumber(body['expires_in']) : null;
    if (accessToken === null || refreshToken === null || seconds === null) {
      throw createInvalidAnswer(answer, this.#parts.http.origin);
    }
    const lifeMs = seconds * 1_000;
    const expiresAtMs = this.#now() + lifeMs;
    const renewAtMs = expiresAtMs - Math.min(lifeMs / 5, LONGEST_MARGIN_MS);
    return { kind: 'held', accessToken, refreshToken, renewAtMs, expiresAtMs };
  }
}

export function createInvalidAnswer({ status, headers }: Answer, origin: string): NodeClientError {
  return new NodeClientError(
    'invalid_answer',
    `What answered at ${origin} is no broker of this version. Check baseUrl and what stands in between.`,
    { status, requestId: headers.get('x-request-id') ?? undefined },
  );
}

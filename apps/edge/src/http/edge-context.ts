import type { Actor } from '@ephemera/api';
import type { Context } from 'hono';

import type { Network } from './networks.ts';

/** What a route adds to its line in the request log; ids and codes only. */
export type RequestNote = { actor?: string; sessionId?: string; errorCode?: string };

export type EdgeVariables = {
  requestId: string;
  /** Whose word about an address is believed. */
  trustedProxies: readonly Network[];
  /** Fields that every answer of this request carries. */
  answerHeaders: Record<string, string>;
  note: RequestNote;
  /** Whom the Authorization header names, once it has been asked. */
  caller?: Actor;
  /** Whether an error may name its code and what led to it, in a shape that has neither for strangers. */
  showsDetails: boolean;
};

/** What a host hands over with a request. */
export type EdgeBindings = {
  /** Keeps work alive after the answer; a host whose process stays up needs none. */
  waitUntil?: (work: Promise<unknown>) => void;
  /** On Node: the request below Hono's, for the peer's address and for a body that is here already. */
  incoming?: {
    socket: { remoteAddress?: string | undefined };
    complete: boolean;
    read: () => unknown;
  };
  /** On Workers: Cloudflare writes `cf-connecting-ip` itself, whatever a caller sent. */
  hasConnectingIp?: boolean;
};

export type EdgeEnv = { Bindings: EdgeBindings; Variables: EdgeVariables };
export type EdgeContext = Context<EdgeEnv>;

/** A JSON answer. Built from one plain record, which the Node adapter writes without creating a Headers object. */
export function answerJson(
  c: EdgeContext,
  body: unknown,
  options: { status?: number; headers?: Record<string, string> } = {},
): Response {
  return answerJsonText(c, JSON.stringify(body), options);
}

/** The same for JSON that is written out already. */
export function answerJsonText(
  c: EdgeContext,
  text: string,
  options: { status?: number; headers?: Record<string, string> } = {},
): Response {
  return new Response(text, {
    status: options.status ?? 200,
    headers: { 'content-type': 'application/json', ...c.get('answerHeaders'), ...options.headers },
  });
}

/** An answer that another library made, with the fields of this service around it. */
export function withAnswerHeaders(c: EdgeContext, response: Response): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(c.get('answerHeaders'))) {
    if (name === 'vary') headers.append(name, value);
    else headers.set(name, value);
  }
  return new Response(response.body, { status: response.status, headers });
}

import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

import type { Credential } from './credentials.ts';
import type { LoggedRequest } from './request-log.ts';

/** What the middleware in front puts on each request. */
export type ApiEnvironment = {
  Bindings: HttpBindings;
  Variables: { bytes: Buffer<ArrayBuffer>; credential: Credential; logged: LoggedRequest };
};

export type ApiContext = Context<ApiEnvironment>;

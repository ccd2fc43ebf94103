import type { AppErrorCode } from '@ephemera/api';
import type * as z from 'zod';

/** A schema under the name that it has in the document. */
export type Named = { name: string; schema: z.ZodType };

export type Body = Named & {
  contentTypes?: readonly string[];
  isOptional?: boolean;
  /** Sent to both hosts by a test. */
  example: unknown;
};

/** A header of a request; those that every route knows are not told again. */
export type RequestHeader = { name: string; description: string; isRequired?: boolean };

export type Answer = {
  description: string;
  /** JSON unless `contentTypes` says otherwise. */
  body: Named | { text: string };
  contentTypes?: readonly string[];
  headers?: readonly string[];
};

export type Tag = 'Tokens' | 'Sessions' | 'Account' | 'Provider keys' | 'Nodes' | 'Messages' | 'Operations';

/** What a person needs to know of a route, beside what the route itself says: its scope, its errors' shape, its schemas. */
export type Operation = {
  id: string;
  tag: Tag;
  summary: string;
  description?: string;
  /** What the parts of the path are. */
  path?: Record<string, string>;
  query?: z.ZodObject;
  headers?: readonly RequestHeader[];
  body?: Body;
  answers: Record<number, Answer>;
  /** Beside those that follow from the scope, the body and the path. */
  errors?: readonly AppErrorCode[];
  /** Instead of what follows from the scope. */
  security?: readonly Record<string, readonly string[]>[];
  /** What single fields mean, by their path in the body, in the query or in an answer. */
  fields?: Record<string, string>;
};

export type Method = 'GET' | 'POST' | 'PUT';
export type OperationKey = `${Method} /${string}`;
export type Operations = Record<OperationKey, Operation>;

import { AppError, toAppError } from '@ephemera/api';

import { BodyError, type BodyProblem } from './read-body.ts';

const BODY_CODES = {
  too_large: 'payload_too_large',
  unsupported_type: 'unsupported_media_type',
  malformed: 'invalid_request',
} as const satisfies Record<BodyProblem, string>;

/** Whatever a route threw, as the error that the shapes below are made from. */
export function toEdgeError(error: unknown): AppError {
  if (error instanceof BodyError)
    return new AppError(BODY_CODES[error.problem], error.message, { cause: error });
  return toAppError(error);
}

import type { Actor } from '../context.ts';
import type { AppErrorCode } from '../errors.ts';
import { AppError } from '../errors.ts';

/** Somebody who is known and still not let in, so that the audit can say who it was. */
export class RefusedCallerError extends AppError {
  readonly actor: Actor;

  constructor(actor: Actor, code: AppErrorCode, message: string) {
    super(code, message);
    this.actor = actor;
  }
}

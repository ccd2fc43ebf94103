import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import { countRead } from './count-read.ts';

/** What becomes of a request whose secret is wrong: counted per address and audited, then refused. Always throws. */
export async function refuseInternalCaller(ctx: ServiceContext, input: { address: string }): Promise<never> {
  await countRead(ctx, {
    scope: 'internal_refused',
    subject: input.address,
    limit: ctx.settings.internal.refusalsPerMinute,
    result: 'denied',
  });
  throw new AppError('unauthenticated', 'Unauthorized');
}

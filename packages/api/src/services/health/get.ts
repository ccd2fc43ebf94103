import type { ServiceContext } from '../../context.ts';
import type { Health } from './check.ts';

/** Open to everybody: it says which part does not do, never why. */
export async function getHealth({ monitor }: Pick<ServiceContext, 'monitor'>): Promise<Health> {
  return await monitor.readHealth();
}

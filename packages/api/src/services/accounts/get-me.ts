import type { ServiceContext, UserRole } from '../../context.ts';
import { requireUser } from '../../require-user.ts';

export type Me = { id: string; name: string | null; email: string | null; role: UserRole };

export function getMe(ctx: ServiceContext): Me {
  const { id, name, email, role } = requireUser(ctx);
  return { id, name: name ?? null, email: email ?? null, role };
}

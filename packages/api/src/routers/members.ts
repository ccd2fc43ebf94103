import * as z from 'zod';

import { personName } from '../auth/person-name.ts';
import { createMember } from '../services/members/create.ts';
import { listMembers } from '../services/members/list.ts';
import { setMemberPassword } from '../services/members/set-password.ts';
import { endAllSignIns, endSignIn, listSignIns } from '../services/members/sign-ins.ts';
import { updateMember } from '../services/members/update.ts';
import { procedure, router, sensitiveProcedure } from '../trpc.ts';
import { emailSchema, id, iso, memberRole, newPassword } from './member-schemas.ts';

const memberSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: memberRole,
  twoFactorEnabled: z.boolean(),
  disabledAt: iso.nullable(),
  createdAt: iso,
  lastSignInAt: iso.nullable(),
  isSelf: z.boolean(),
});

const signInSchema = z.object({
  id: z.string(),
  createdAt: iso,
  expiresAt: iso,
  ipPrefix: z.string().nullable(),
  userAgent: z.string().nullable(),
  isCurrent: z.boolean(),
});

const ok = z.object({ ok: z.literal(true) });
const member = z.object({ member: memberSchema });

export const membersRouter = router({
  list: procedure('members:read')
    .output(z.object({ items: z.array(memberSchema) }))
    .query(({ ctx }) => listMembers(ctx)),
  create: sensitiveProcedure('members:write')
    .input(z.strictObject({ name: personName, email: emailSchema, role: memberRole, password: newPassword }))
    .output(member)
    .mutation(({ ctx, input }) => createMember(ctx, input)),
  update: sensitiveProcedure('members:write')
    .input(
      z.strictObject({
        id,
        name: personName.optional(),
        role: memberRole.optional(),
        isDisabled: z.boolean().optional(),
      }),
    )
    .output(member)
    .mutation(({ ctx, input }) => updateMember(ctx, input)),
  setPassword: sensitiveProcedure('members:write')
    .input(z.strictObject({ id, password: newPassword, resetsTwoFactor: z.boolean().optional() }))
    .output(ok)
    .mutation(({ ctx, input }) => setMemberPassword(ctx, input)),
  listSignIns: procedure('me:read')
    .input(z.strictObject({ id: id.optional() }).prefault({}))
    .output(z.object({ items: z.array(signInSchema) }))
    .query(({ ctx, input }) => listSignIns(ctx, input)),
  endSignIn: procedure('me:read')
    .input(z.strictObject({ id }))
    .output(ok)
    .mutation(({ ctx, input }) => endSignIn(ctx, input)),
  endAllSignIns: procedure('me:read')
    .input(z.strictObject({ memberId: id.optional() }).prefault({}))
    .output(z.object({ ended: z.int() }))
    .mutation(({ ctx, input }) => endAllSignIns(ctx, input)),
});

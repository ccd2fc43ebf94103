import { createCheckpoint } from '../services/audit/checkpoint.ts';
import { exportAudit } from '../services/audit/export.ts';
import { listAudit } from '../services/audit/list.ts';
import { getAuditStatus } from '../services/audit/status.ts';
import { procedure, router } from '../trpc.ts';
import {
  auditPageSchema,
  auditStatusSchema,
  checkpointSchema,
  exportAuditSchema,
  exportPageSchema,
  listAuditSchema,
} from './audit-schemas.ts';

export const auditRouter = router({
  list: procedure('audit:read')
    .input(listAuditSchema)
    .output(auditPageSchema)
    .query(({ ctx, input }) => listAudit(ctx, input)),
  status: procedure('audit:read')
    .output(auditStatusSchema)
    .query(({ ctx }) => getAuditStatus(ctx)),
  checkpoint: procedure('audit:read')
    .output(checkpointSchema)
    .query(({ ctx }) => createCheckpoint(ctx)),
  export: procedure('audit:read')
    .input(exportAuditSchema)
    .output(exportPageSchema)
    .query(async ({ ctx, input }) => {
      const { entries, nextSeq } = await exportAudit(ctx, input);
      return { entries: [...entries], nextSeq };
    }),
});

import type { TestHost } from './host.ts';

/** What one request left in the audit, oldest first. */
export async function readEntries(host: TestHost, requestId: string) {
  return await host.readRows(
    'select action, actor_kind, actor_id, result from audit_entries where request_id = ? order by seq',
    [requestId],
  );
}

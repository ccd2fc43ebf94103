import { auditEntryStatement, createChainReader, verifyChain } from '@ephemera/db';
import type { AuditRecord, Database, Statement } from '@ephemera/db';

const RECORD: Omit<AuditRecord, 'id'> = {
  at: 1_795_323_724_793,
  actorKind: 'operator',
  actorId: 'user-op',
  action: 'provider_key.test',
  target: 'pkey_1',
  result: 'ok',
  requestId: 'req_1',
  ipPrefix: '192.0.2.0/24',
  details: '{"code":"ü\\n"}',
};

export function entry(id: string, fields: Partial<AuditRecord> = {}): Statement {
  return auditEntryStatement({ ...RECORD, ...fields, id });
}

/** Stored only where the statement before it changed a row. */
export function entryIfChanged(id: string): Statement {
  return auditEntryStatement({ ...RECORD, id }, true);
}

export async function verify(database: Pick<Database, 'read'>) {
  return await verifyChain({ readPage: createChainReader(database) });
}

export async function listIds(database: Pick<Database, 'read'>): Promise<string[]> {
  return (await database.read('select id from audit_entries order by seq')).map((row) => String(row['id']));
}

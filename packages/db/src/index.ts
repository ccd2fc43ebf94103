export { auditEntryStatement, CHAIN_START, formatLink } from './audit-chain.ts';
export type { AuditRecord } from './audit-chain.ts';
export {
  CHAIN_BEGIN,
  createChainReader,
  findMissingTail,
  readChainEnd,
  verifyChain,
} from './audit-chain-verify.ts';
export type {
  ChainBreak,
  ChainEnd,
  ChainPosition,
  ChainVerification,
  ReadChainPage,
  StoredAuditEntry,
} from './audit-chain-verify.ts';
export { countSessionUses } from './count-session-uses.ts';
export type { Database, Orm } from './database.ts';
export { isOpenSession } from './open-sessions.ts';
export { DatabaseOutageError, isOutage } from './outage.ts';
export { PICK_PROVIDER_KEY, pickProviderKey, readPickedProviderKey } from './pick-provider-key.ts';
export type { PickedProviderKey } from './pick-provider-key.ts';
export * from './schema.ts';
export { hasSchema } from './has-schema.ts';
export type { SqlRow, SqlValue, Statement, WriteResult } from './statement.ts';

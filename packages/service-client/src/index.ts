export { KeyClientError } from './errors.ts';
export type { KeyClientErrorCode, KeyClientErrorDetails } from './errors.ts';
export { createKeyClient } from './key-client.ts';
export type { KeyClient, KeyClientOptions, UsageInput } from './key-client.ts';
export type { ProviderKey } from './provider-key.ts';
export type { DroppedReports, DropReason, ReportStats, UsageReport } from './report-queue.ts';
export type { Clock, Runtime } from './runtime.ts';
export type { KeyedRun, TryInfo, WithApiKeyOptions } from './with-api-key.ts';

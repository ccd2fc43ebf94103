export type { AuditAction } from './audit/record.ts';
export { createAccessKeyFinder } from './access-keys/find.ts';
export type { AccessKeyFinderOptions } from './access-keys/find.ts';
export { createKeyOrigins } from './access-keys/key-origins.ts';
export type { KeyOrigins } from './access-keys/key-origins.ts';
export { createAccessKeySecrets } from './access-keys/secrets.ts';
export type { AccessKeySecrets } from './access-keys/secrets.ts';
export { AUTH_ROUTES } from './auth/auth-routes.ts';
export { createActorResolver } from './auth/actor-resolver.ts';
export type {
  ActorResolver,
  ActorResolverOptions,
  ExternalIssuer,
  FindAccessKey,
  RequestFacts,
} from './auth/actor-resolver.ts';
export { canonicalizeEmail, createPasswords } from './auth/passwords.ts';
export type { Passwords } from './auth/passwords.ts';
export type { PersonActor } from './auth/find-account.ts';
export { createInternalSecrets } from './auth/internal-secrets.ts';
export type { InternalSecrets, NamedSecret } from './auth/internal-secrets.ts';
export { createChainVerifier } from './audit/chain-verifier.ts';
export { createCheckpointSigner } from './audit/checkpoint-signer.ts';
export { readRefusalCode } from './auth/auth-bodies.ts';
export { createAuth } from './auth/create-auth.ts';
export type { AccountInput, Auth, AuthOptions, AuthRequestInfo } from './auth/create-auth.ts';
export {
  ACCESS_KEY_SCOPES,
  nameOf,
  NODE_SCOPES,
  ownerIdOf,
  requireScope,
  SCOPES,
  scopesOf,
} from './auth/scopes.ts';
export type { AccessKeyScope, NodeScope, Scope } from './auth/scopes.ts';
export { createServiceContext } from './context.ts';
export type {
  AccessKeyActor,
  Actor,
  AnonymousActor,
  ApiDependencies,
  ApiSettings,
  Clock,
  InternalActor,
  Logger,
  MessageSettings,
  NodeActor,
  NodeRegistration,
  NodeSettings,
  OperatorActor,
  OperatorRole,
  RequestInfo,
  ServiceContext,
  TtlSettings,
  UserActor,
  UserRole,
} from './context.ts';
export { AppError, describeError, isFailure, toAppError } from './errors.ts';
export type { AppErrorCode, AppErrorDetails, BudgetState, RateLimitState } from './errors.ts';
export { createIdSource, sessionIdFloor } from './ids.ts';
export type { IdSource } from './ids.ts';
export { findModel } from './models/registry.ts';
export { findRetiredModel } from './models/retired.ts';
export type { RetiredModel } from './models/retired.ts';
export { createCoturnProvider } from './providers/coturn.ts';
export type { CoturnOptions } from './providers/coturn.ts';
export { ResponseTooLargeError } from './providers/http-send.ts';
export type { HttpRequest, HttpResponse, HttpSend } from './providers/http-send.ts';
export { createKeySecrets } from './providers/key-secrets.ts';
export type { EnvironmentKey, KeySecrets } from './providers/key-secrets.ts';
export { createKeyFingerprint } from './providers/key-fingerprint.ts';
export type { KeyFingerprint } from './providers/key-fingerprint.ts';
export { createOpenAiKeyTester } from './providers/key-tester.ts';
export type { KeyTester } from './providers/key-tester.ts';
export { createOpenAiProvider } from './providers/openai.ts';
export type { OpenAiOptions } from './providers/openai.ts';
export type { ProviderKey } from './providers/provider-keys.ts';
export type { MintRequest, Outcome, RealtimeProvider } from './providers/realtime-provider.ts';
export { createStaticIceProvider } from './providers/static-ice.ts';
export type { IceServer, TurnProvider } from './providers/turn-provider.ts';
export { createKeyPool } from './pool/create-key-pool.ts';
export type { KeyPool } from './pool/key-pool.ts';
export { MINT_POLICY } from './pool/mint-policy.ts';
export { createMailboxBell } from './messages/mailbox-bell.ts';
export type { MailboxBell } from './messages/mailbox-bell.ts';
export { createMailboxGlance } from './messages/mailbox-glance.ts';
export { createNodeIdentity } from './nodes/identity.ts';
export type { NodeIdentity } from './nodes/identity.ts';
export type { BudgetUse } from './limits/budget-use.ts';
export { createClockWatch } from './limits/clock-watch.ts';
export { createRefusalShield } from './limits/refusal-shield.ts';
export type { RefusalShield } from './limits/refusal-shield.ts';
export { createRulesBook } from './limits/rules-book.ts';
export type { RulesBook } from './limits/rules-book.ts';
export { estimateMicroUsd } from './pricing/estimate.ts';
export { findPrices } from './pricing/find-prices.ts';
export { createPseudonyms } from './pseudonyms.ts';
export type { Pseudonyms } from './pseudonyms.ts';
export { appRouter } from './root.ts';
export type { AppRouter, RouterInputs, RouterOutputs } from './root.ts';
export { useReportSchema, useReportsSchema } from './routers/keys-schemas.ts';
export { endedSessionSchema, endSessionSchema, rateLimitSchema } from './routers/schemas.ts';
export { pruneInternalRecords } from './services/provider-keys/prune.ts';
export { fetchKeysForService } from './services/provider-keys/fetch-for-service.ts';
export type { ServiceKey } from './services/provider-keys/fetch-for-service.ts';
export { reportUses } from './services/provider-keys/report-uses.ts';
export type { ReportOutcome, UseReport } from './services/provider-keys/report-uses.ts';
export { getMe } from './services/accounts/get-me.ts';
export type { Me } from './services/accounts/get-me.ts';
export { refuseInternalCaller } from './services/internal/refuse.ts';
export { listPending } from './services/messages/list-pending.ts';
export { markRead } from './services/messages/mark-read.ts';
export { sendMessage } from './services/messages/send.ts';
export type { Rejection, SendReceipt } from './services/messages/send.ts';
export { streamMessages } from './services/messages/stream.ts';
export type { StreamEvent } from './services/messages/stream.ts';
export { tidyMessages } from './services/messages/tidy.ts';
export type { PendingMessage } from './services/messages/view.ts';
export { messageFields } from './routers/messages-schemas.ts';
export { getNode } from './services/nodes/get.ts';
export { recordHeartbeat } from './services/nodes/heartbeat.ts';
export { refreshNodeTokens } from './services/nodes/refresh.ts';
export { registerNode } from './services/nodes/register.ts';
export { requestChallenge } from './services/nodes/request-challenge.ts';
export type { NodeTokenPair } from './services/nodes/issue-tokens.ts';
export { DISCOVERED, listNodes } from './services/nodes/list.ts';
export { updateNode } from './services/nodes/update.ts';
export { verifyChallenge } from './services/nodes/verify-challenge.ts';
export type { NodeDetail, NodeView } from './services/nodes/view.ts';
export { nodeFields, readTime } from './routers/nodes-schemas.ts';
export { completeSetup, isSetUp } from './services/setup/complete.ts';
export type { SetupInput, SetupTerms } from './services/setup/complete.ts';
export { setupSchema } from './routers/member-schemas.ts';
export { createMonitor } from './monitor.ts';
export type { Monitor } from './monitor.ts';
export { getHealth } from './services/health/get.ts';
export type { Health } from './services/health/check.ts';
export { createReadinessCheck } from './services/health/find-unready.ts';
export type { FindUnready, ReadinessCheck } from './services/health/find-unready.ts';
export { readMetrics } from './services/metrics/read.ts';
export { healthSchema } from './routers/monitoring-schemas.ts';
export { meSchema } from './routers/me.ts';
export type { MetricFamily, MetricSample } from './services/metrics/families.ts';
export { listModels } from './services/models/list.ts';
export { rewrapProviderKeys } from './services/provider-keys/rewrap.ts';
export type { RewrapContext, RewrapOutcome } from './services/provider-keys/rewrap.ts';
export { tidySessions } from './services/sessions/sweep.ts';
export { heartbeat } from './services/sessions/heartbeat.ts';
export { endSession } from './services/sessions/end.ts';
export type { EndedSession, EndSessionInput } from './services/sessions/end.ts';
export { getSession } from './services/sessions/get.ts';
export { listSessions } from './services/sessions/list.ts';
export { reportConnected } from './services/sessions/report-connected.ts';
export { reportUsage } from './services/usage/report.ts';
export type { ReportUsageInput, UsageReceipt } from './services/usage/report.ts';
export {
  parseUsageBody,
  usageBodySchema,
  usageModelSchema,
  usageReceiptSchema,
} from './services/usage/schemas.ts';
export { createTokenOnce } from './services/tokens/create-once.ts';
export type { CreateTokenOnceInput, TokenOfOnce } from './services/tokens/create-once.ts';
export { createMintGate } from './services/tokens/mint-gate.ts';
export { auditDenial, requireAuditedScope } from './services/tokens/audit-denial.ts';
export { createToken } from './services/tokens/create.ts';
export { RefusedCallerError } from './auth/refused-caller.ts';
export type { CreateTokenInput, IssuedToken } from './services/tokens/create.ts';
export { issueTurnCredentials } from './services/turn/issue.ts';
export type { IssuedTurnCredentials } from './services/turn/issue.ts';
export { findAppError, toTrpcError } from './trpc.ts';
export type { ProcedureMeta } from './trpc.ts';
export { checkKeyring } from './vault/check-keyring.ts';
export type { KeyringCheck, KeyringProblem } from './vault/check-keyring.ts';
export { createVault } from './vault/create-vault.ts';
export type { Vault, VaultOptions } from './vault/create-vault.ts';
export { KeyringError, parseKeyring } from './vault/keyring.ts';
export type { Keyring } from './vault/keyring.ts';
export { VaultError } from './vault/vault-error.ts';

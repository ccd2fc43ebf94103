export * from './schema/alerts.ts';
export * from './schema/audit.ts';
export * from './schema/auth.ts';
export * from './schema/idempotent-mints.ts';
export * from './schema/provider-keys.ts';
export * from './schema/rate-windows.ts';
export * from './schema/sessions.ts';
export * from './schema/turn-issuances.ts';

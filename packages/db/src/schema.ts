export * from './schema/auth.ts';
export * from './schema/sessions.ts';
export * from './schema/turn-issuances.ts';

export * from './client-events.ts';
export * from './client-secret.ts';
export * from './errors.ts';
export * from './server-events.ts';
export * from './session.ts';
export * from './usage.ts';
export * from './wire.ts';

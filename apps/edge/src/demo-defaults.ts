/** Public by definition: they let a clone run with no set-up, and are refused wherever others could reach it. */
export const DEMO_DEFAULTS = {
  authSecret: 'ephemera-demo-auth-secret-for-loopback-only',
  safetyIdentifierSecret: 'ephemera-demo-safety-secret-for-loopback-only',
  operatorEmail: 'operator@demo.local',
  operatorPassword: 'ephemera-demo-operator',
  userEmail: 'user@demo.local',
  userPassword: 'ephemera-demo-user',
} as const;

/** The key that a local simulator accepts when nobody configured another. */
export const SIMULATOR_API_KEY = 'sk-simulator';

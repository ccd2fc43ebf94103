/** Public by definition: they let a clone run with no set-up, and are refused wherever others could reach it. */
export const DEMO_DEFAULTS = {
  authSecret: 'ephemera-demo-auth-secret-for-loopback-only',
  safetyIdentifierSecret: 'ephemera-demo-safety-secret-for-loopback-only',
  internalApiSecret: 'ephemera-demo-internal-secret-for-loopback-only',
  keyring: '1:ZXBoZW1lcmEtZGVtby1rZXlyaW5nLWxvb3BiYWNrISE=',
  operatorEmail: 'operator@demo.local',
  operatorPassword: 'ephemera-demo-operator',
  userEmail: 'user@demo.local',
  userPassword: 'ephemera-demo-user',
} as const;

/** The key that a local simulator accepts when nobody configured another. */
export const SIMULATOR_API_KEY = 'sk-simulator';

/** What the sign-in page of a demo offers. */
export const DEMO_ACCOUNTS = [
  { name: 'Demo operator', email: DEMO_DEFAULTS.operatorEmail, password: DEMO_DEFAULTS.operatorPassword },
  { name: 'Demo user', email: DEMO_DEFAULTS.userEmail, password: DEMO_DEFAULTS.userPassword },
];

/** Public by definition: they let a clone run with no set-up, and are refused wherever others could reach it. */
export const DEMO_DEFAULTS = {
  authSecret: 'ephemera-demo-auth-secret-for-loopback-only',
  safetyIdentifierSecret: 'ephemera-demo-safety-secret-for-loopback-only',
  internalApiSecret: 'ephemera-demo-internal-secret-for-loopback-only',
  accessKey: 'eph_test_DemoKeyForLoopbackOnly00000000000000000000040HRGY',
  metricsToken: 'ephemera-demo-metrics-token-for-loopback-only',
  keyring: '1:ZXBoZW1lcmEtZGVtby1rZXlyaW5nLWxvb3BiYWNrISE=',
  operatorEmail: 'operator@demo.local',
  operatorPassword: 'ephemera-demo-operator',
  userEmail: 'user@demo.local',
  userPassword: 'ephemera-demo-user',
} as const;

/** The key that a local simulator accepts when nobody configured another. */
export const SIMULATOR_API_KEY = 'sk-simulator';

/** Keys of a simulator that nobody else runs: what the demo's pool holds. */
export const DEMO_KEY_SECRETS = {
  teamA: 'sk-simulator-team-a-Qm27',
  teamB: 'sk-simulator-team-b-x9Lw',
  batch: 'sk-simulator-batch-h4Tz',
} as const;

/** Of a provider without a simulator: a record to be fetched, which opens nothing anywhere. */
export const DEMO_GEMINI_KEY = 'AIzaDemo-record-that-opens-nothing-7e1c';

/** What the sign-in page of a demo offers. */
export const DEMO_ACCOUNTS = [
  { name: 'Demo operator', email: DEMO_DEFAULTS.operatorEmail, password: DEMO_DEFAULTS.operatorPassword },
  { name: 'Demo user', email: DEMO_DEFAULTS.userEmail, password: DEMO_DEFAULTS.userPassword },
];

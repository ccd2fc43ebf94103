export type DemoAccount = { name: string; email: string; password: string };

function isAccount(value: unknown): value is DemoAccount {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['name', 'email', 'password'].every((key) => typeof Reflect.get(value, key) === 'string')
  );
}

/** The accounts that a local demo tells everybody; none on any other server. */
export function readDemoAccounts(health: unknown): DemoAccount[] {
  const demo: unknown = typeof health === 'object' && health !== null ? Reflect.get(health, 'demo') : null;
  const accounts: unknown = typeof demo === 'object' && demo !== null ? Reflect.get(demo, 'accounts') : null;
  return Array.isArray(accounts) ? accounts.filter(isAccount) : [];
}

export async function listDemoAccounts(send: typeof fetch): Promise<DemoAccount[]> {
  const response = await send('/healthz', { headers: { accept: 'application/json' } });
  return response.ok ? readDemoAccounts(await response.json()) : [];
}

export type DemoAccount = { name: string; email: string; password: string };

function isAccount(value: unknown): value is DemoAccount {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['name', 'email', 'password'].every((key) => typeof Reflect.get(value, key) === 'string')
  );
}

/** The accounts that a local demo tells everybody; none on any other server. */
export function readDemoAccounts(answer: unknown): DemoAccount[] {
  const accounts: unknown =
    typeof answer === 'object' && answer !== null ? Reflect.get(answer, 'accounts') : null;
  return Array.isArray(accounts) ? accounts.filter(isAccount) : [];
}

export async function listDemoAccounts(send: typeof fetch): Promise<DemoAccount[]> {
  const response = await send('/api/demo', { headers: { accept: 'application/json' } });
  return response.ok ? readDemoAccounts(await response.json()) : [];
}

import { revealsKey } from '../../audit/mask-secrets.ts';
import type { ServiceContext } from '../../context.ts';
import { AppError } from '../../errors.ts';
import type { ProviderEntry } from '../../models/provider-catalogue.ts';
import { findProvider } from '../../models/provider-catalogue.ts';
import type { KeyCheck } from '../../providers/key-tester.ts';

/** A provider of the catalogue. Throws `invalid_request`. */
export function getProvider(id: string): ProviderEntry {
  const provider = findProvider(id);
  if (provider !== null) return provider;
  // Not repeated: a key that was pasted into the wrong field must not come back in an error.
  throw new AppError('invalid_request', 'This provider is not known here.', {
    details: { param: 'provider' },
  });
}

/** Refuses what cannot be a key of this provider. The key itself is not repeated. */
export function requireKeyShape(provider: ProviderEntry, key: string): void {
  if (provider.keyPattern.test(key)) return;
  throw new AppError(
    'invalid_request',
    `This does not look like a key of ${provider.name} (${provider.keyHint}).`,
    { details: { param: 'key' } },
  );
}

/** Refuses a key that was pasted where it would be kept and shown in clear. It is not repeated. */
export function requireNoKeyIn(
  texts: Readonly<Record<'name' | 'limitDomain', string | undefined>>,
  key: string,
): void {
  for (const [param, text = ''] of Object.entries(texts)) {
    if (!revealsKey(text, key)) continue;
    throw new AppError('invalid_request', `This looks like a key, and ${param} is shown in clear.`, {
      details: { param },
    });
  }
}

/** Shows the key to its provider. Throws `invalid_request` where nobody can be asked. */
export async function checkKey(ctx: ServiceContext, provider: string, secret: string): Promise<KeyCheck> {
  const entry = getProvider(provider);
  const check = entry.canTest ? await ctx.keyTester.check(provider, secret) : null;
  if (check !== null) return check;
  throw new AppError('invalid_request', `Keys of ${entry.name} cannot be tested from here.`, {
    details: { param: 'provider' },
  });
}

import type { RouterInputs } from '@ephemera/api';

import type { TestHost } from './host.ts';
import { connectOperator } from './trpc.ts';

type KeyInput = RouterInputs['accessKeys']['create'];

/** A key that an operator makes, as the web app does. */
export async function createKey(host: TestHost, input: Partial<KeyInput> = {}) {
  const operator = await connectOperator(host);
  return await operator.accessKeys.create.mutate({
    name: 'Of a test',
    environment: 'live',
    scopes: ['tokens:mint'],
    ...input,
  });
}

import type { RouterInputs } from '@ephemera/api';

import type { TestHost } from './host.ts';
import { connectOperator } from './trpc.ts';

type KeyInput = RouterInputs['accessKeys']['create'];

const operators = new WeakMap<TestHost, ReturnType<typeof connectOperator>>();

/** The host's operator, signed in once: a sign-in hashes a password, which takes longer than all that follows. */
export function signedInOperator(host: TestHost): ReturnType<typeof connectOperator> {
  const operator = operators.get(host) ?? connectOperator(host);
  operators.set(host, operator);
  return operator;
}

/** A key that an operator makes, as the web app does. */
export async function createKey(host: TestHost, input: Partial<KeyInput> = {}) {
  const operator = await signedInOperator(host);
  return await operator.accessKeys.create.mutate({
    name: 'Of a test',
    environment: 'live',
    scopes: ['tokens:mint'],
    ...input,
  });
}

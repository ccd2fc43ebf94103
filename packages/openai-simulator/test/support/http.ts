import type { Simulator } from '../../src/index.ts';

/** Requests to the provider's routes, with the project key unless the headers say otherwise. */
export function createRequester(simulator: Simulator) {
  return (method: string, path: string, options: { body?: unknown; headers?: Record<string, string> } = {}) =>
    fetch(`${simulator.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${simulator.apiKey}`,
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
}

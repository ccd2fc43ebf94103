import { expect, test } from 'vitest';

import { createWireMessage } from './support/fake-broker.ts';
import { startRealBroker } from './support/real-broker.ts';
import { startWorker } from './support/worker-harness.ts';

function contentOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'content' in body ? body.content : undefined;
}

test('in workerd, a node makes its key, signs in once for many requests, seals, signs and listens', async () => {
  await using broker = await startRealBroker();
  await using worker = await startWorker('node-in-worker.ts', { BROKER: broker.url });
  expect(await worker.get('/nodes')).toEqual(['in-a-worker']);
  await Promise.all(Array.from({ length: 10 }, () => worker.get('/nodes')));
  expect(broker.count('/api/v1/auth/verify')).toBe(1);

  broker.forgetAccessTokens();
  expect(await worker.get('/nodes')).toEqual(['in-a-worker']);
  expect(broker.count('/api/v1/auth/refresh')).toBe(1);

  expect(await worker.get('/send')).toEqual({ messageId: 'msg_1', accepted: ['b'], rejected: [] });
  const sent = broker.calls.find(({ path }) => path === '/api/v1/messages/send');
  const content = contentOf(sent?.body);
  broker.deliver(createWireMessage('msg_1', { from_node: 'in-a-worker', content }));
  expect(await worker.get('/receive')).toEqual({ of: 'itself' });
  expect(broker.count('/api/v1/messages/msg_1/read')).toBe(1);
});

test('in workerd, a request that leaves in the middle of a renewal leaves no one hanging', async () => {
  await using broker = await startRealBroker();
  await using worker = await startWorker('node-in-worker.ts', { BROKER: broker.url });
  await worker.get('/nodes');
  broker.forgetAccessTokens();
  const arrived = Promise.withResolvers<void>();
  broker.behave(({ path }) => {
    if (path !== '/api/v1/auth/refresh') return null;
    broker.behave(null);
    arrived.resolve();
    return Promise.withResolvers<null>().promise;
  });
  await worker.leave('/nodes', arrived.promise);
  expect(await worker.get('/nodes')).toEqual(['in-a-worker']);
});

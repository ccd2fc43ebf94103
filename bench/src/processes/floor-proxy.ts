/** F: what a proxy in this stack costs at the very least. It checks nobody, reads nothing and stores nothing. */
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { Pool } from 'undici';

import { listenForParent } from './listen-for-parent.ts';

const upstream = new Pool(process.argv[2] ?? '', { connections: null, keepAliveTimeout: 60_000 });
const app = new Hono();

app.post('/v1/realtime/client_secrets', async (context) => {
  const answer = await upstream.request({
    path: '/v1/realtime/client_secrets',
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-bench' },
    body: await context.req.text(),
  });
  return context.body(await answer.body.text(), answer.statusCode === 200 ? 200 : 502, {
    'content-type': 'application/json',
  });
});

listenForParent(createAdaptorServer({ fetch: app.fetch }));

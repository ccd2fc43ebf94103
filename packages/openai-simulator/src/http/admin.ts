import { type Context, Hono } from 'hono';
import type * as z from 'zod';

import { scriptSchema } from '../core/script.ts';
import { describeRefusal } from '../core/validation.ts';
import { faultSchema } from '../faults/fault.ts';
import { resetSimulation, type Simulation } from '../simulation.ts';
import { parseJson } from './body.ts';
import { type ApiError, createApiError, toResponse } from './errors.ts';

/** A page of another origin may send a plain form, but never this type without being asked first: so it is required. */
async function readJson<Output>(c: Context, schema: z.ZodType<Output>): Promise<{ data: Output } | ApiError> {
  if (c.req.header('content-type')?.startsWith('application/json') !== true) {
    return createApiError(415, { message: 'Send application/json.', param: null, code: null });
  }
  const json = parseJson(await c.req.text());
  if (!json.ok)
    return createApiError(400, { message: 'The body is not valid JSON.', param: null, code: null });
  const parsed = schema.safeParse(json.value);
  if (!parsed.success) return createApiError(400, describeRefusal(parsed.error, json.value));
  return { data: parsed.data };
}

/** The simulator's own controls. They carry no CORS headers, so that no web page can use them. */
export function createAdminRoutes(simulation: Simulation): Hono {
  const admin = new Hono();
  admin.post('/faults', async (c) => {
    const body = await readJson(c, faultSchema);
    return 'status' in body ? toResponse(body) : c.json({ id: simulation.faults.add(body.data) }, 201);
  });
  admin.get('/faults', (c) => c.json({ faults: simulation.faults.list() }));
  admin.delete('/faults', (c) => {
    simulation.faults.clear();
    return c.body(null, 204);
  });
  admin.put('/script', async (c) => {
    const body = await readJson(c, scriptSchema);
    if ('status' in body) return toResponse(body);
    simulation.script = body.data;
    simulation.transcriptionsTaken = 0;
    return c.body(null, 204);
  });
  admin.delete('/script', (c) => {
    simulation.script = null;
    return c.body(null, 204);
  });
  admin.get('/requests', (c) => c.json({ requests: simulation.log.list() }));
  admin.delete('/requests', (c) => {
    simulation.log.clear();
    return c.body(null, 204);
  });
  admin.get('/calls', (c) => c.json({ calls: simulation.calls.list() }));
  admin.post('/reset', (c) => {
    resetSimulation(simulation);
    return c.body(null, 204);
  });
  return admin;
}

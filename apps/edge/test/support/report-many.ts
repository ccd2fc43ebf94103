// A process of its own that reports uses of a key: `node report-many.ts <url> <secret> <keyId> <name> <rounds> <width>`.
// Prints the idempotency key of each report that was acknowledged, a line each; ends when the server is gone.
const [url = '', secret = '', keyId = '', name = '', rounds = '1', width = '1'] = process.argv.slice(2);

/** One use in ten is an error, so that both counters are raced for. */
function isError(idempotencyKey: string): boolean {
  return idempotencyKey.endsWith('0');
}

/** Far beyond what the slowest machine takes; without an end nobody would hear which one was never answered. */
const PATIENCE_MS = 90_000;

const PAUSE_MS = 200;
const UNAVAILABLE = 503;

async function send(idempotencyKey: string, signal: AbortSignal): Promise<Response> {
  return await fetch(`${url}/api/internal/api-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ keyId, success: !isError(idempotencyKey), idempotencyKey }),
    signal,
  });
}

/** As a service does it: where the database is overtaxed the same report is sent again, which counts it once. */
async function report(idempotencyKey: string): Promise<void> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  let response = await send(idempotencyKey, signal);
  for (; response.status === UNAVAILABLE; response = await send(idempotencyKey, signal)) {
    await response.body?.cancel();
    await new Promise((resolve) => void setTimeout(resolve, PAUSE_MS));
  }
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text}`);
  process.stdout.write(`${idempotencyKey}\n`);
}

for (let round = 0; round < Number(rounds); round += 1) {
  const keys = Array.from({ length: Number(width) }, (_, index) => `${name}-${round}-${index}`);
  const sent = await Promise.allSettled(keys.map(report));
  const refused = sent.flatMap((result, index) =>
    result.status === 'rejected' ? [`${keys[index]}: ${String(result.reason)}`] : [],
  );
  if (refused.length === 0) continue;
  process.stderr.write(`${refused.join('\n')}\n`);
  process.exitCode = 1;
  break;
}

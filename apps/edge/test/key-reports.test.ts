import { fileURLToPath } from 'node:url';

import { INTERNAL_SECRET, type TestHost } from './support/host.ts';
import { test } from './support/host-test.ts';
import { addStoredKeys, report } from './support/internal.ts';
import { startProcess } from './support/processes.ts';
import { connectOperator } from './support/trpc.ts';

const REPORTER = fileURLToPath(new URL('support/report-many.ts', import.meta.url));
const PROCESSES = 10;
const WIDTH = 50;
/** `npm run prove` takes more of them. */
const ROUNDS = Number(process.env['EPHEMERA_REPORT_ROUNDS'] ?? 1);

/** Ten processes, each with fifty reports on their way at any time; resolves with what was acknowledged. */
async function reportFromProcesses(host: TestHost, keyId: string, label: string): Promise<string[]> {
  const outputs = await Promise.all(
    Array.from({ length: PROCESSES }, async (_, index) => {
      const name = `${label}${index}`;
      await using reporter = startProcess({
        command: process.execPath,
        args: [REPORTER, host.url, INTERNAL_SECRET, keyId, name, String(ROUNDS), String(WIDTH)],
      });
      const code = await reporter.exited;
      if (code !== 0) {
        const told = reporter.output().split('\n').slice(-WIDTH).join('\n');
        throw new Error(`${told}\nThe host said last:\n${host.logs().slice(-4_000)}`);
      }
      return reporter.output();
    }),
  );
  return outputs.flatMap((output) => output.trim().split('\n'));
}

test(
  `500 concurrent reports from ${PROCESSES} processes, rounds: ${ROUNDS}; every count is exact`,
  { timeout: 120_000 },
  async ({ host, expect }) => {
    const [id = ''] = await addStoredKeys(host, 1);

    const acknowledged = await reportFromProcesses(host, id, 'p');

    const total = PROCESSES * WIDTH * ROUNDS;
    const errors = acknowledged.filter((key) => key.endsWith('0')).length;
    expect(new Set(acknowledged).size).toBe(total);
    const [row] = await host.readRows('select usage_count, error_count from provider_keys where id = ?', [
      id,
    ]);
    expect(row).toEqual({ usage_count: total, error_count: errors });
    const [hours] = await host.readRows(
      'select sum(uses) as uses, sum(errors) as errors from provider_key_hours where key_id = ?',
      [id],
    );
    expect(hours).toEqual({ uses: total, errors });
    const [reports] = await host.readRows('select count(*) as n from provider_key_reports where key_id = ?', [
      id,
    ]);
    expect(reports).toEqual({ n: total });

    // All of them once more, as after time-outs: nothing is counted twice.
    const again = acknowledged.map((idempotencyKey) => ({ keyId: id, success: true, idempotencyKey }));
    for (let at = 0; at < again.length; at += 500) {
      const answer = await report(host, { reports: again.slice(at, at + 500) });
      expect(await answer.json()).toEqual({ success: true, counted: 0, duplicates: 500, unknown: [] });
    }
    const operator = await connectOperator(host);
    const { key } = await operator.keys.get.query({ id });
    expect(key).toMatchObject({ usageCount: total, errorCount: errors, uses24h: total, errors24h: errors });
    process.stdout.write(
      `${host.kind}: ${total} reports from ${PROCESSES} processes, ${key.usageCount} counted\n`,
    );
  },
);

/**
 * Log-ins of one machine through the verbs, over a database file, and the bare check of its signatures: in turn, in one
 * process, so many at once. Signing is the machine's own work and is done before the clock runs.
 */
import { createNodeIdentity, requestChallenge, type ServiceContext, verifyChallenge } from '@ephemera/api';
import { createTestDatabase } from '@ephemera/db/testing';
import { constants, generateKeyPairSync, sign } from 'node:crypto';

import type { LogInsMeasured, LogInsOrder } from '../nodes.ts';

const LANES = 64;
const MS_PER_SECOND = 1_000;
const SALT_LENGTH = 3_072 / 8 - 34;
const NODE_ID = 'bench';
const INSERT_SQL = `insert into nodes (id, name, type, public_key, key_fingerprint, endpoint, capabilities, metadata,
    scopes, status, created_at, updated_at)
  values (?1, ?1, 'bench', ?2, 'bench', 'https://bench.example.test', '[]', '{}', '["nodes:read"]', 'active', ?3, ?3)`;

const clock = { now: () => Date.now() };
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 3_072 });

type Database = Awaited<ReturnType<typeof createTestDatabase>>;
type Signed = { nodeId: string; challenge: string; signature: string };

function signText(text: string): Buffer {
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_MAX_SIGN: saltLength } = constants;
  return sign('sha256', Buffer.from(text), { key: privateKey, padding, saltLength });
}

function createContext(database: Database): ServiceContext {
  const context = {
    database,
    clock,
    address: '192.0.2.1',
    nodes: createNodeIdentity({
      database,
      clock,
      secret: 'a secret of the bench, long enough',
      issuer: 'bench',
      audience: 'bench',
    }),
    settings: { nodes: { registration: 'closed', heartbeatSeconds: 30, loginsPerMinute: 1_000_000_000 } },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because a log-in asks for nothing else
  return context as unknown as ServiceContext;
}

async function runLanes(work: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  const lanes = Array.from({ length: LANES }, async () => {
    let done = 0;
    while (await work()) done += 1;
    return done;
  });
  const done = (await Promise.all(lanes)).reduce((sum, one) => sum + one, 0);
  return (done * MS_PER_SECOND) / (performance.now() - startedAt);
}

async function measureRaw({ challenge, signature }: Signed, forMs: number): Promise<number> {
  const der = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  const imported = { name: 'RSA-PSS', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('spki', der, imported, false, ['verify']);
  const algorithm = { name: 'RSA-PSS', saltLength: SALT_LENGTH };
  const text = new TextEncoder().encode(challenge);
  const bytes = new Uint8Array(Buffer.from(signature, 'hex'));
  const deadline = performance.now() + forMs;
  return await runLanes(async () => {
    if (performance.now() >= deadline) return false;
    if (await crypto.subtle.verify(algorithm, key, bytes, text)) return true;
    throw new Error('a good signature was refused');
  });
}

async function prepare(context: ServiceContext): Promise<Signed> {
  const { challenge } = await requestChallenge(context, { nodeId: NODE_ID });
  return { nodeId: NODE_ID, challenge, signature: signText(challenge).toString('hex') };
}

/** Each asks for a challenge, as every log-in does, and shows one that was signed before. */
async function measureLogIns(context: ServiceContext, signed: readonly Signed[]): Promise<number> {
  const rest = [...signed];
  return await runLanes(async () => {
    const next = rest.pop();
    if (next === undefined) return false;
    await requestChallenge(context, { nodeId: NODE_ID });
    await verifyChallenge(context, next);
    return true;
  });
}

async function carryOut(order: LogInsOrder): Promise<LogInsMeasured> {
  await using database = await createTestDatabase();
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  await database.write({ sql: INSERT_SQL, args: [NODE_ID, pem, Date.now()] });
  const context = createContext(database);
  const measured: LogInsMeasured = [];
  for (let round = 0; round < order.rounds; round += 1) {
    const signed: Signed[] = [];
    for (let index = 0; index < order.logInsPerRound; index += 1) signed.push(await prepare(context));
    const sample = await prepare(context);
    const before = await measureRaw(sample, order.rawMs);
    const logInsPerSecond = await measureLogIns(context, signed);
    const after = await measureRaw(sample, order.rawMs);
    measured.push({ rawPerSecond: (before + after) / 2, logInsPerSecond });
  }
  return measured;
}

process.once('message', (order: LogInsOrder) => {
  void carryOut(order).then(
    (measured) => process.send?.({ kind: 'done', measured }),
    (error: unknown) => process.send?.({ kind: 'error', message: String(error) }),
  );
});
process.on('disconnect', () => {
  process.exit(0);
});

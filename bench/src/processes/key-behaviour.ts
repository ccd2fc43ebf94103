import { BENCH_KEYS } from '../bench-keys.ts';

export type KeyAnswer = 'ok' | 'rate_limited' | 'server_error';

/** Decides by the key how a request is answered. */
export function createKeyBehaviour(): (authorization: string | undefined) => KeyAnswer {
  let turn = 0;
  const answerInTurn = (): KeyAnswer => {
    turn += 1;
    return turn % 2 === 1 ? 'rate_limited' : 'ok';
  };
  const behaviours: ReadonlyMap<string, () => KeyAnswer> = new Map([
    [`Bearer ${BENCH_KEYS.rateLimited}`, () => 'rate_limited'],
    [`Bearer ${BENCH_KEYS.failing}`, () => 'server_error'],
    ...BENCH_KEYS.inTurn.map((key): [string, () => KeyAnswer] => [`Bearer ${key}`, answerInTurn]),
  ]);
  return (authorization) => behaviours.get(authorization ?? '')?.() ?? 'ok';
}

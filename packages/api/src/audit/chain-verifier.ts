import { CHAIN_BEGIN, createChainReader, findMissingTail, readChainEnd, verifyChain } from '@ephemera/db';
import type { ChainBreak, ChainEnd, ChainPosition, Database } from '@ephemera/db';

export type ChainStatus = {
  /** Entries there are, and how many of them are chained: those from before the chain have no hash. */
  total: number;
  chained: number;
  /** All entries up to this one hold; null before the first one that was looked at. */
  verifiedTo: number | null;
  firstBroken: ChainBreak | null;
  head: { seq: number; hash: string } | null;
};

export type ChainVerifier = { verify: () => Promise<ChainStatus> };

/** So much a call, so that no page stops the process: a longer chain is verified over several calls. */
const NEW_A_CALL = 4_000;
const OLD_A_CALL = 1_000;

/** What this instance has seen may be more than the database remembers: where its last number was turned back. */
function findCutTail(end: ChainEnd, position: ChainPosition): ChainBreak | null {
  if (end.lastSeq < position.seq) return { seq: end.lastSeq + 1, id: null, reason: 'tail_missing' };
  return findMissingTail(end);
}

/**
 * Follows the chain from where it was last time to its end, and then begins again from the start, a piece a call: what
 * is changed behind its back is found as well. Where it stands is a cache; a new instance begins at the first entry.
 */
export function createChainVerifier(
  database: Pick<Database, 'read'>,
  { newACall = NEW_A_CALL, oldACall = OLD_A_CALL } = {},
): ChainVerifier {
  const readPage = createChainReader(database);
  let front: ChainPosition = CHAIN_BEGIN;
  let again: ChainPosition = CHAIN_BEGIN;

  async function advance(): Promise<{ broken: ChainBreak | null; isComplete: boolean }> {
    const verified = await verifyChain({ readPage, from: front, atMost: newACall });
    front = verified.position;
    return verified;
  }

  async function lookAgain(): Promise<ChainBreak | null> {
    const { position, broken, isComplete } = await verifyChain({ readPage, from: again, atMost: oldACall });
    again = isComplete ? CHAIN_BEGIN : position;
    // What held once and does not any more: from here on nothing is known, and the next call finds it again.
    if (broken !== null) front = position;
    return broken;
  }

  async function findBroken(): Promise<ChainBreak | null> {
    const { broken, isComplete } = await advance();
    return broken ?? (isComplete ? await lookAgain() : null);
  }

  return {
    verify: async () => {
      const seen = front;
      // Before the entries are read: what is written meanwhile must not look like a tail that is missing.
      const end = await readChainEnd(database);
      const firstBroken = (await findBroken()) ?? findCutTail(end, seen);
      const holdsTo = Math.min(front.seq, end.lastSeq, firstBroken === null ? Infinity : firstBroken.seq - 1);
      return {
        total: end.lastSeq,
        chained: Math.max(0, end.lastSeq - front.unchained),
        verifiedTo: holdsTo === 0 ? null : holdsTo,
        firstBroken,
        head: end.lastHash === null ? null : { seq: end.lastSeq, hash: end.lastHash },
      };
    },
  };
}

import type { Peer, PeerFacts } from './peer.ts';

/** Resolves once `check` is true, now or after any later change; rejects with what `check` throws. */
export function waitForPeer(peer: Peer, check: (facts: Readonly<PeerFacts>) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = peer.onChange(look);
    look();

    function look(): void {
      try {
        if (!check(peer.facts)) return;
        resolve();
      } catch (error) {
        reject(error);
      }
      stop();
    }
  });
}

const MAX_BURST = 16;

/**
 * Puts off what one turn of the event loop brings until its end, and then does all of it in one go. For writes to
 * sockets: each one that finds the other side asleep pays for waking it up. Measured on loopback at 32 connections: a
 * third of what a mint costs.
 */
export function createBurst(): (act: () => void) => void {
  let waiting: (() => void)[] = [];

  function flush(): void {
    const burst = waiting;
    waiting = [];
    for (const act of burst) act();
  }

  return (act) => {
    waiting.push(act);
    if (waiting.length === 1) setImmediate(flush);
    else if (waiting.length === MAX_BURST) flush();
  };
}

const SIGNS = ['pointerover', 'touchstart', 'keydown', 'focusin'] as const;

/** Calls back once, when somebody touches the page; the result takes the listeners back. */
export function onFirstSign(callback: () => void, target: EventTarget = document): () => void {
  const stop = new AbortController();
  function handle(): void {
    stop.abort();
    callback();
  }
  for (const sign of SIGNS) target.addEventListener(sign, handle, { signal: stop.signal, passive: true });
  return () => stop.abort();
}

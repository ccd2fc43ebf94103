import { runApart } from '../run-apart.ts';

type Listener = (event: never) => void;

/** A typed event emitter. A listener that throws harms neither the others nor the session. */
export type Emitter<Events> = {
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void;
  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void;
};

export function createEmitter<Events>(): Emitter<Events> {
  const listeners = new Map<keyof Events, Set<Listener>>();
  return {
    on(name, listener) {
      const ofName = listeners.get(name) ?? new Set();
      // A wrapper of its own, so that registering one function twice needs two removals.
      const entry: Listener = (event) => listener(event);
      listeners.set(name, ofName.add(entry));
      return () => void ofName.delete(entry);
    },
    emit(name, event) {
      for (const listener of listeners.get(name) ?? []) {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- because `on` stored it under this name with this type
        runApart(() => (listener as (event: unknown) => void)(event));
      }
    },
  };
}

import * as z from 'zod';

const eventSchema = z.looseObject({ type: z.string() });

export type AnyEvent = z.infer<typeof eventSchema>;

type Waiting = { isIt: (event: AnyEvent) => boolean; resolve: (event: AnyEvent) => void };

/** What a client has received, and a way to wait for what it has not yet. */
export class EventLog {
  readonly events: AnyEvent[] = [];
  #waiting: Waiting[] = [];

  add(value: unknown): void {
    const event = eventSchema.parse(typeof value === 'string' ? JSON.parse(value) : value);
    this.events.push(event);
    const ready = this.#waiting.filter((waiting) => waiting.isIt(event));
    this.#waiting = this.#waiting.filter((waiting) => !ready.includes(waiting));
    for (const waiting of ready) waiting.resolve(event);
  }

  /** The `count`-th event of a type, now or later; the test's own time limit is the deadline. */
  async waitFor(type: string, count = 1): Promise<AnyEvent> {
    const known = this.events.filter((event) => event.type === type)[count - 1];
    if (known !== undefined) return known;
    let missing = count - this.events.filter((event) => event.type === type).length;
    const { promise, resolve } = Promise.withResolvers<AnyEvent>();
    this.#waiting.push({
      isIt: (event) => {
        if (event.type !== type) return false;
        missing -= 1;
        return missing === 0;
      },
      resolve,
    });
    return promise;
  }

  get types(): string[] {
    return this.events.map((event) => event.type);
  }
}

import type { CreateId } from '../core/ids.ts';
import { endsRequest, type Fault, type FaultAction, matchesFault, type Probe } from './fault.ts';

type Armed = { id: string; fault: Fault; remaining: number };

/** The faults that wait for their request, in the order in which they were set. */
export class FaultStore {
  #armed: Armed[] = [];
  readonly #createId: CreateId;

  constructor(createId: CreateId) {
    this.#createId = createId;
  }

  add(fault: Fault): string {
    const id = this.#createId('fault_');
    this.#armed.push({ id, fault, remaining: fault.times === 0 ? Number.POSITIVE_INFINITY : fault.times });
    return id;
  }

  list(): { id: string; fault: Fault; remaining: number | null }[] {
    return this.#armed.map(({ id, fault, remaining }) => ({
      id,
      fault,
      remaining: Number.isFinite(remaining) ? remaining : null,
    }));
  }

  clear(): void {
    this.#armed = [];
  }

  /** Takes what strikes this request: any number of passing actions, then at most one that ends it. */
  take(probe: Probe): FaultAction[] {
    const actions: FaultAction[] = [];
    for (const armed of this.#armed) {
      if (!matchesFault(armed.fault, probe)) continue;
      armed.remaining -= 1;
      actions.push(armed.fault.action);
      if (endsRequest(armed.fault.action)) break;
    }
    this.#armed = this.#armed.filter((armed) => armed.remaining > 0);
    return actions;
  }
}

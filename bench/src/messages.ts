import { type Bound, createGate, type GateResult } from './gates.ts';
import type { BenchOptions } from './options.ts';
import { carryOut } from './own-process.ts';
import type { Supervisor } from './supervisor.ts';

export type MessagesOrder = { rounds: number; messagesPerRound: number; bareMs: number };
export type MessagesMeasured = { unitsPerSecond: number; messagesPerSecond: number }[];

type MessagesContext = {
  options: BenchOptions;
  supervisor: Supervisor;
  onProgress: (text: string) => void;
};

const BOUND: Bound = { kind: 'atLeast', value: 0.3 };

export function judgeMessages(measured: MessagesMeasured): GateResult[] {
  const ratios = measured.map(({ messagesPerSecond, unitsPerSecond }) => messagesPerSecond / unitsPerSecond);
  return [createGate('messages sent, polled and marked per bare libSQL unit', BOUND, ratios)];
}

/** Without HTTP, whose three requests would be most of it: what a message adds to a row and a count. */
export async function measureMessages(context: MessagesContext): Promise<GateResult[]> {
  const { supervisor, options, onProgress } = context;
  const order: MessagesOrder = {
    rounds: options.rounds,
    messagesPerRound: options.isQuick ? 5_000 : 20_000,
    bareMs: options.isQuick ? 300 : 1_000,
  };
  const measured = await carryOut<MessagesMeasured>(supervisor, { process: 'node-messages', order });
  for (const { messagesPerSecond, unitsPerSecond } of measured) {
    onProgress(`${Math.round(messagesPerSecond)} messages/s, ${Math.round(unitsPerSecond)} bare units/s`);
  }
  return judgeMessages(measured);
}

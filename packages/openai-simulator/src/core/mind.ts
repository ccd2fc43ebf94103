import type { HeardAudio } from './input-audio.ts';
import { formatSeconds, spellSeconds } from './numbers.ts';
import type { Script, ScriptTurn } from './script.ts';

/** What the user last did, as the session saw it. */
export type Prompt =
  | { readonly kind: 'speech'; readonly speechMs: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tool_output'; readonly output: string }
  | { readonly kind: 'nothing' };

export type Answer =
  | { readonly kind: 'say'; readonly text: string; readonly delayMs: number }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: string; readonly delayMs: number };

type AnswerInput = {
  readonly prompt: Prompt;
  readonly toolNames: readonly string[];
  readonly instructions: string | undefined;
};

/** What the simulator understands and answers, for one call. */
export interface Mind {
  /** A new user turn begins; gives its transcript. */
  hear(audio: HeardAudio): string;
  /** A new user turn begins, in writing. */
  read(): void;
  answer(input: AnswerInput): Answer;
}

function answerHonestly({ prompt, instructions }: AnswerInput): string {
  if (prompt.kind === 'speech') {
    return `I heard you for ${spellSeconds(prompt.speechMs)} seconds, but I do not know what you said.`;
  }
  if (prompt.kind === 'text') return `You wrote: ${prompt.text}`;
  if (prompt.kind === 'tool_output') return `The tool answered: ${prompt.output}`;
  return instructions === undefined
    ? 'You have not said anything yet.'
    : `I was asked to do this: ${instructions}`;
}

function answerFromScript(turn: ScriptTurn, input: AnswerInput, delayMs: number): Answer {
  const isAfterTool = input.prompt.kind === 'tool_output';
  if (turn.tool !== undefined && !isAfterTool && input.toolNames.includes(turn.tool.name)) {
    return { kind: 'call', name: turn.tool.name, arguments: JSON.stringify(turn.tool.arguments), delayMs };
  }
  const output = input.prompt.kind === 'tool_output' ? input.prompt.output : '';
  return { kind: 'say', text: turn.says.replaceAll('{output}', () => output), delayMs };
}

/** A mind that follows the script while it lasts, and otherwise says only what it measured. */
export function createMind(options: { script: Script | null; answerDelayMs: number }): Mind {
  let turnNumber = 0;
  const currentTurn = () => options.script?.turns[turnNumber - 1];
  return {
    hear(audio) {
      turnNumber += 1;
      return currentTurn()?.hears ?? `(${formatSeconds(audio.speechMs)} seconds of speech)`;
    },
    read() {
      turnNumber += 1;
    },
    answer(input) {
      const turn = input.prompt.kind === 'nothing' ? undefined : currentTurn();
      const delayMs = turn?.answerDelayMs ?? options.answerDelayMs;
      if (turn !== undefined) return answerFromScript(turn, input, delayMs);
      return { kind: 'say', text: answerHonestly(input), delayMs };
    },
  };
}

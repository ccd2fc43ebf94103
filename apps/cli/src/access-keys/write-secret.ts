import { writeJson } from '../command.ts';
import type { Terminal } from '../terminal.ts';

/** The secret alone on stdout, so that it can be piped into a store; what there is to say about it on stderr. */
export function writeSecret(
  terminal: Terminal,
  { answer, told, isJson }: { answer: { secret: string }; told: string; isJson: boolean },
): void {
  if (isJson) {
    writeJson(terminal, answer);
    return;
  }
  terminal.stderr.write(`${told}\nThis is the only time that it is shown:\n`);
  terminal.stdout.write(`${answer.secret}\n`);
}

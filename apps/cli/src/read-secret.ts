import { StringDecoder } from 'node:string_decoder';

import { CliError, EXIT } from './cli-error.ts';
import type { Input, Terminal } from './terminal.ts';

const MAX_CHARACTERS = 4_096;
const KEY = /^[\x21-\x7e]{8,512}$/;

/** A provider's key from standard input: asked for without echo on a terminal, else read to the end. */
export async function readKey({ stdin, stderr }: Terminal): Promise<string> {
  const text =
    stdin.isTTY === true ? await promptHidden(stdin, stderr.write.bind(stderr)) : await readAll(stdin);
  const key = text.trim();
  if (key === '') {
    throw new CliError(
      EXIT.usage,
      'Standard input holds no key. Pipe it in, or run this in a terminal to be asked.',
    );
  }
  if (KEY.test(key)) return key;
  throw new CliError(
    EXIT.usage,
    'What came on standard input is no key: one line of 8 to 512 printable characters without spaces is expected.',
  );
}

async function readAll(stdin: Input): Promise<string> {
  const decoder = new StringDecoder('utf8');
  let text = '';
  for await (const chunk of stdin) {
    text += typeof chunk === 'string' ? chunk : decoder.write(chunk);
    if (text.length > MAX_CHARACTERS) throw new CliError(EXIT.usage, 'Standard input is too long for a key.');
  }
  return text;
}

type Typed = { text: string; end: 'no' | 'done' | 'interrupted' };

/** One typed or pasted piece; terminals in raw mode send control characters as they are. */
function typeInto(text: string, piece: string): Typed {
  let typed = text;
  // oxlint-disable-next-line no-control-regex -- because that is how terminals mark a paste
  for (const character of piece.replace(/\u001b\[20[01]~/g, '')) {
    if (character === '\u0003') return { text: '', end: 'interrupted' };
    if (character === '\r' || character === '\n' || character === '\u0004')
      return { text: typed, end: 'done' };
    typed = character === '\u007f' || character === '\b' ? typed.slice(0, -1) : typed + character;
  }
  return { text: typed.slice(0, MAX_CHARACTERS), end: 'no' };
}

async function promptHidden(stdin: Input, write: (text: string) => unknown): Promise<string> {
  write('Paste the key (it is not shown), then Enter: ');
  const { promise, resolve } = Promise.withResolvers<Typed>();
  let text = '';
  const onData = (chunk: Buffer | string): void => {
    const typed = typeInto(text, chunk.toString());
    text = typed.text;
    if (typed.end !== 'no') resolve(typed);
  };
  const onEnd = (): void => {
    resolve({ text, end: 'done' });
  };
  stdin.setRawMode?.(true);
  stdin.on('data', onData).once('end', onEnd);
  try {
    const typed = await promise;
    if (typed.end === 'interrupted') throw new CliError(EXIT.interrupted, 'Stopped; nothing was changed.');
    return typed.text;
  } finally {
    stdin.off('data', onData).off('end', onEnd).pause();
    stdin.setRawMode?.(false);
    write('\n');
  }
}

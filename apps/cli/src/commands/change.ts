import { EXIT } from '../cli-error.ts';
import { type Command, writeJson } from '../command.ts';
import { confirmByName } from '../confirm.ts';
import { describeKey } from '../describe-key.ts';
import { parseSeconds } from '../duration.ts';
import { connectAsOperator, findKey, type KeysApi, type KeySummary } from '../keys-api.ts';

const OPTIONS = { yes: { type: 'boolean', short: 'y' }, json: { type: 'boolean' } } as const;
const HELP = `  <key>        id or name
  --yes, -y    do not ask for its name first
  --json       the server's answer as JSON`;

type Change = {
  verb: 'disable' | 'enable' | 'drain';
  summary: string;
  isConfirmed: boolean;
  apply: (api: KeysApi, id: string, values: ReadonlyMap<string, string>) => Promise<{ key: KeySummary }>;
};

function createChangeCommand({ verb, summary, isConfirmed, apply }: Change): Command {
  const isDrain = verb === 'drain';
  const after = '\n  --after TIME count it as disabled after this: 90s, 15m, 2h, 7d (default 1h)';
  return {
    name: verb,
    summary,
    help: isDrain ? `${HELP}${after}` : HELP,
    options: isDrain ? { ...OPTIONS, after: { type: 'string' } } : OPTIONS,
    positionals: ['key'],
    async run(terminal, { positionals: [selector = ''], values, flags }) {
      const api = await connectAsOperator(terminal);
      const { id, name } = findKey(await api.list.query({}), selector);
      const isSure = !isConfirmed || flags.has('yes');
      await confirmByName(terminal, { what: `${verb} this key`, name, isSure });
      const answer = await apply(api, id, values);
      if (flags.has('json')) writeJson(terminal, answer);
      else terminal.stdout.write(`${describeKey(answer.key, terminal.nowMs())}.\n`);
      return EXIT.done;
    },
  };
}

export const disableCommand = createChangeCommand({
  verb: 'disable',
  summary: 'stop using a key at once',
  isConfirmed: true,
  apply: (api, id) => api.disable.mutate({ id }),
});

export const enableCommand = createChangeCommand({
  verb: 'enable',
  summary: 'use a disabled, draining or quarantined key again',
  isConfirmed: false,
  apply: (api, id) => api.enable.mutate({ id }),
});

export const drainCommand = createChangeCommand({
  verb: 'drain',
  summary: 'nothing new from this key; what runs may end',
  isConfirmed: true,
  apply: (api, id, values) => {
    const after = values.get('after');
    return api.drain.mutate(after === undefined ? { id } : { id, seconds: parseSeconds('after', after) });
  },
});

export const deleteCommand: Command = {
  name: 'delete',
  summary: 'forget a key and its hours; not while calls run on it',
  help: HELP,
  options: OPTIONS,
  positionals: ['key'],
  async run(terminal, { positionals: [selector = ''], flags }) {
    const api = await connectAsOperator(terminal);
    const key = findKey(await api.list.query({}), selector);
    const { id, name } = key;
    await confirmByName(terminal, { what: 'delete this key for good', name, isSure: flags.has('yes') });
    const answer = await api.delete.mutate({ id, confirmName: name });
    if (flags.has('json')) writeJson(terminal, answer);
    else terminal.stdout.write(`Deleted ${describeKey(key, terminal.nowMs())}.\n`);
    return EXIT.done;
  },
};

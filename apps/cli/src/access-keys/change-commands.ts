import { EXIT } from '../cli-error.ts';
import { type Command, writeJson } from '../command.ts';
import { confirmByName } from '../confirm.ts';
import {
  type AccessKeysApi,
  connectToAccessKeys,
  describeAccessKey,
  findAccessKey,
} from './access-keys-api.ts';

type Change = {
  verb: 'disable' | 'enable' | 'revoke';
  summary: string;
  isConfirmed: boolean;
  apply: (api: AccessKeysApi, id: string, name: string) => ReturnType<AccessKeysApi['enable']['mutate']>;
};

function createChangeCommand({ verb, summary, isConfirmed, apply }: Change): Command {
  return {
    name: verb,
    summary,
    help: `  <key>        id or name
  --yes, -y    do not ask for its name first
  --json       the server's answer as JSON`,
    options: { yes: { type: 'boolean', short: 'y' }, json: { type: 'boolean' } },
    positionals: ['key'],
    async run(terminal, { positionals: [selector = ''], flags }) {
      const api = await connectToAccessKeys(terminal);
      const { id, name } = await findAccessKey(api, selector);
      const isSure = !isConfirmed || flags.has('yes');
      await confirmByName(terminal, { what: `${verb} this key`, name, isSure });
      const answer = await apply(api, id, name);
      if (flags.has('json')) writeJson(terminal, answer);
      else terminal.stdout.write(`${describeAccessKey(answer.key)}.\n`);
      return EXIT.done;
    },
  };
}

export const disableCommand = createChangeCommand({
  verb: 'disable',
  summary: 'refuse a key from the next request on, until it is enabled again',
  isConfirmed: true,
  apply: (api, id) => api.disable.mutate({ id }),
});

export const enableCommand = createChangeCommand({
  verb: 'enable',
  summary: 'accept a disabled key again',
  isConfirmed: false,
  apply: (api, id) => api.enable.mutate({ id }),
});

export const revokeCommand = createChangeCommand({
  verb: 'revoke',
  summary: 'refuse a key for good, from the next request on',
  isConfirmed: true,
  apply: (api, id, name) => api.revoke.mutate({ id, confirmName: name }),
});

import { CliError, EXIT } from '../cli-error.ts';
import { type Command, writeJson } from '../command.ts';
import { describeState } from '../describe-key.ts';
import { formatWhen } from '../duration.ts';
import { connectAsOperator, type KeyList, type KeySummary } from '../keys-api.ts';
import { formatSparkline, formatTable, sanitize } from '../table.ts';
import type { Terminal } from '../terminal.ts';

const STATES = ['active', 'cooling_down', 'exhausted', 'quarantined', 'disabled', 'draining'] as const;

export const listCommand: Command = {
  name: 'list',
  summary: 'the keys of the pool, their health and use; never the keys themselves',
  help: `  --provider ID   only keys of this provider (openai, gemini, …)
  --state STATE   only keys in this state: ${STATES.join(', ')}
  --json          the server's answer as JSON`,
  options: { provider: { type: 'string' }, state: { type: 'string' }, json: { type: 'boolean' } },
  positionals: [],
  async run(terminal, { values, flags }) {
    const provider = values.get('provider');
    const state = readState(values.get('state'));
    const api = await connectAsOperator(terminal);
    const list = await api.list.query({
      ...(provider === undefined ? {} : { provider }),
      ...(state === undefined ? {} : { state }),
    });
    if (flags.has('json')) writeJson(terminal, list);
    else showList(terminal, list);
    return EXIT.done;
  },
};

function readState(text: string | undefined): KeySummary['state'] | undefined {
  if (text === undefined) return undefined;
  const state = STATES.find((known) => known === text);
  if (state !== undefined) return state;
  throw new CliError(EXIT.usage, `--state must be one of ${STATES.join(', ')}.`);
}

function showList(terminal: Terminal, { items, alerts, pendingRewrap, canStore }: KeyList): void {
  const nowMs = terminal.nowMs();
  const columns = [
    { title: 'NAME', read: ({ name }: KeySummary) => name },
    { title: 'PROVIDER', read: ({ provider }: KeySummary) => provider },
    { title: 'KEY', read: ({ lastFour }: KeySummary) => `…${lastFour}` },
    { title: 'STATE', read: (key: KeySummary) => describeState(key, nowMs) },
    { title: 'USES 24H', read: ({ uses24h }: KeySummary) => uses24h },
    { title: 'ERRORS 24H', read: ({ errors24h }: KeySummary) => errors24h },
    { title: 'BY HOUR', read: ({ errorSeries24h }: KeySummary) => formatSparkline(errorSeries24h) },
    { title: 'OPEN', read: ({ openSessions }: KeySummary) => openSessions },
    { title: 'LAST USED', read: ({ lastUsedAt }: KeySummary) => formatWhen(lastUsedAt, nowMs) },
    { title: 'ID', read: ({ id }: KeySummary) => id },
  ];
  terminal.stdout.write(items.length === 0 ? 'No keys.\n' : formatTable(columns, items));
  for (const alert of alerts) {
    terminal.stdout.write(`! ${sanitize(alert.message)} (${formatWhen(alert.at, nowMs)})\n`);
  }
  if (pendingRewrap > 0) {
    terminal.stderr.write(
      `${pendingRewrap} keys are under an older key-encryption key: run \`keys rewrap\`.\n`,
    );
  }
  if (!canStore) terminal.stderr.write('No KEYRING is set on the server: keys cannot be added.\n');
}

import { parseArgs } from 'node:util';

export type CliOptions = {
  host: string;
  port: number;
  tlsPort: number;
  udpPort: number;
  apiKeys: string[];
  answerDelayMs: number;
  scriptFile: string | null;
  isJson: boolean;
  stopsWithStdin: boolean;
};

export type CliCommand =
  | { kind: 'help' }
  | { kind: 'run'; options: CliOptions }
  | { kind: 'invalid'; message: string };

export const HELP = `A local OpenAI Realtime: client secrets, WebRTC calls with speech, WebSocket, transcription, faults.

Usage: npm run simulator -- [options]

  --port N             port for http and ws (default 8788; 0 = any free one)
  --tls-port N         port for https and wss (default 0)
  --host ADDRESS       address to listen on (default 127.0.0.1)
  --udp-port N         one UDP port for the media of all calls (default 0 = one per call)
  --api-key KEY        a project key to accept; may be repeated (default sk-simulator)
  --script FILE        JSON file with what to hear and say, turn by turn
  --answer-delay-ms N  thinking time before each answer (default 0)
  --json               print one line of JSON when ready; logs go to stderr
  --stop-on-stdin-end  end when standard input ends
  --help               this text
`;

const flags = {
  port: { type: 'string' },
  'tls-port': { type: 'string' },
  host: { type: 'string' },
  'udp-port': { type: 'string' },
  'api-key': { type: 'string', multiple: true },
  script: { type: 'string' },
  'answer-delay-ms': { type: 'string' },
  json: { type: 'boolean' },
  'stop-on-stdin-end': { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

class InvalidFlagError extends Error {}

function readNumber(
  name: string,
  text: string | undefined,
  limits: { fallback: number; maximum: number },
): number {
  if (text === undefined) return limits.fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= limits.maximum) return value;
  throw new InvalidFlagError(`--${name} must be a whole number from 0 to ${limits.maximum}, not '${text}'.`);
}

const PORT = 65_535;

/** Reads the arguments after the script's name. */
export function parseCommand(args: readonly string[]): CliCommand {
  try {
    const { values } = parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false });
    if (values.help === true) return { kind: 'help' };
    const options = {
      host: values.host ?? '127.0.0.1',
      port: readNumber('port', values.port, { fallback: 8_788, maximum: PORT }),
      tlsPort: readNumber('tls-port', values['tls-port'], { fallback: 0, maximum: PORT }),
      udpPort: readNumber('udp-port', values['udp-port'], { fallback: 0, maximum: PORT }),
      apiKeys: values['api-key'] ?? ['sk-simulator'],
      answerDelayMs: readNumber('answer-delay-ms', values['answer-delay-ms'], {
        fallback: 0,
        maximum: 60_000,
      }),
      scriptFile: values.script ?? null,
      isJson: values.json ?? false,
      stopsWithStdin: values['stop-on-stdin-end'] ?? false,
    };
    return { kind: 'run', options };
  } catch (error) {
    return { kind: 'invalid', message: error instanceof Error ? error.message : String(error) };
  }
}

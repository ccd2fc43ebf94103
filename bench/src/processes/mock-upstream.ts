/**
 * The upstream of every target: answers a mint or a chat completion after a fixed delay, and does nothing else. A few
 * keys are refused.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import { createKeyBehaviour, type KeyAnswer } from './key-behaviour.ts';
import { listenForParent } from './listen-for-parent.ts';

const delayMs = Number(process.argv[2] ?? '0');
const SECRET_TTL_SECONDS = 600;

const effectiveSession = {
  object: 'realtime.session',
  model: 'gpt-realtime',
  output_modalities: ['audio'],
  instructions: 'You are a friendly voice assistant. Answer briefly and in the language of the speaker.',
  tools: [],
  tool_choice: 'auto',
  max_output_tokens: 'inf',
  tracing: null,
  truncation: 'auto',
  prompt: null,
  expires_at: 0,
  audio: {
    input: {
      format: { type: 'audio/pcm', rate: 24_000 },
      transcription: null,
      noise_reduction: null,
      turn_detection: {
        type: 'server_vad',
        threshold: 0.5,
        prefix_padding_ms: 300,
        silence_duration_ms: 200,
        idle_timeout_ms: null,
        create_response: true,
        interrupt_response: true,
      },
    },
    output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'marin', speed: 1 },
  },
  include: null,
};
const sessionTail = JSON.stringify(effectiveSession).slice(1);

const chatCompletion = JSON.stringify({
  id: 'chatcmpl-bench',
  object: 'chat.completion',
  created: 1_790_000_000,
  model: 'gpt-4o-mini',
  choices: [
    {
      index: 0,
      message: { role: 'assistant', content: 'Good morning. How can I help you today?', refusal: null },
      logprobs: null,
      finish_reason: 'stop',
    },
  ],
  usage: { prompt_tokens: 19, completion_tokens: 10, total_tokens: 29 },
  service_tier: 'default',
});

let minted = 0;

function createClientSecret(): string {
  minted += 1;
  const id = minted.toString(16).padStart(24, '0');
  const expiresAt = Math.floor(Date.now() / 1_000) + SECRET_TTL_SECONDS;
  return `{"value":"ek_bench${id}","expires_at":${expiresAt},"session":{"type":"realtime","id":"sess_bench${id}",${sessionTail}}`;
}

function createBody(url: string | undefined): string | null {
  if (url === '/v1/realtime/client_secrets') return createClientSecret();
  if (url === '/v1/chat/completions') return chatCompletion;
  return null;
}

const REFUSALS: Readonly<Record<Exclude<KeyAnswer, 'ok'>, { status: number; body: string }>> = {
  rate_limited: {
    status: 429,
    body: '{"error":{"message":"Rate limit reached.","type":"requests","param":null,"code":"rate_limit_exceeded"}}',
  },
  server_error: {
    status: 500,
    body: '{"error":{"message":"The server had an error.","type":"server_error","param":null,"code":null}}',
  },
};

const answerToKey = createKeyBehaviour();

/** Says that the key can be used again at once, so that the next request may have it first again. */
function refuse(response: ServerResponse, { status, body }: { status: number; body: string }): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'retry-after-ms': '0',
  });
  response.end(body);
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const keyAnswer = answerToKey(request.headers.authorization);
  if (keyAnswer !== 'ok') {
    refuse(response, REFUSALS[keyAnswer]);
    return;
  }
  const body = createBody(request.url);
  if (body === null) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-request-id': `req_bench${minted}`,
  });
  response.end(body);
}

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    if (delayMs === 0) answer(request, response);
    else setTimeout(answer, delayMs, request, response);
  });
});
server.keepAliveTimeout = 60_000;
listenForParent(server);

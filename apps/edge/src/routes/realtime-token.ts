import {
  AppError,
  createServiceContext,
  findRetiredModel,
  ownerIdOf,
  type RetiredModel,
} from '@ephemera/api';
import { CLIENT_SECRET_TTL, REALTIME_VOICES, type SessionConfig } from '@ephemera/realtime-protocol';
import * as z from 'zod';

import { answerJson, type EdgeContext } from '../http/edge-context.ts';
import { authenticateOrGuest } from '../http/guest.ts';
import { readJsonBody } from '../http/read-body.ts';
import { sunsetHeaders, warningHeaders } from '../http/warning-headers.ts';
import { toInvalidRequest } from '../http/zod-problem.ts';
import { mintToken } from './mint-token.ts';
import { requestInfo, type RouteDependencies } from './route-dependencies.ts';

const BODY_RULES = { maxBytes: 524_288, contentTypes: ['application/json'] } as const;
const DEFAULT_TTL_SECONDS = 1_800;

export const realtimeTokenRequest = z.strictObject({
  userId: z
    .string()
    .regex(/^[^\p{Cc}]{1,255}$/u, 'expected 1 to 255 characters')
    .optional(),
  sessionConfig: z.strictObject({
    model: z.string().min(1).max(128),
    voice: z.enum(REALTIME_VOICES),
    instructions: z.string().max(65_536),
    temperature: z.number().min(0).max(2).optional(),
    maxOutputTokens: z.int().min(1).max(4_096).optional(),
  }),
  ttlSeconds: z.int().min(CLIENT_SECRET_TTL.min).max(CLIENT_SECRET_TTL.max).optional(),
});

type TokenRequest = z.infer<typeof realtimeTokenRequest>;

export type RealtimeTokenDependencies = RouteDependencies & {
  /** Whether callers without a token are served. */
  areGuestsAllowed: boolean;
};

/** `POST /api/realtime/token`: the shape of this service's first clients, over the same mint as all others. */
export function createRealtimeTokenRoute({ api, actors, areGuestsAllowed }: RealtimeTokenDependencies) {
  return async (c: EdgeContext): Promise<Response> => {
    const actor = await authenticateOrGuest(c, actors, {
      areAllowed: areGuestsAllowed,
      scopes: ['tokens:mint'],
    });
    api.mintGate.check();
    const request = await readRequest(c);
    const retired = findRetiredModel(request.sessionConfig.model);
    const work = mintToken(c, createServiceContext(api, requestInfo(c, actor)), {
      session: toSession(request, retired?.replacement),
      ttlSeconds: request.ttlSeconds,
      defaultTtlSeconds: DEFAULT_TTL_SECONDS,
      userId: request.userId === ownerIdOf(actor) ? undefined : request.userId,
    });
    const { token, headers } = await work.catch((error: unknown) => {
      throw nameField(error);
    });
    const texts = [...describeChanges(request, retired), ...token.warnings.map(({ message }) => message)];
    return answerJson(
      c,
      {
        success: true,
        token: token.secret.value,
        sessionId: token.secret.session.id,
        expiresAt: token.secret.expires_at,
        config: { model: token.model, voice: request.sessionConfig.voice },
      },
      {
        headers: {
          ...headers,
          ...warningHeaders(texts),
          ...sunsetHeaders(retired?.id ?? token.model, token.issuedAt),
        },
      },
    );
  };
}

/** By the mint's own names of the fields; a session that is too large can only be so by its instructions. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['session', 'sessionConfig.instructions'],
  ['session.model', 'sessionConfig.model'],
  ['session.audio.output.voice', 'sessionConfig.voice'],
]);

/** What the mint says about a field, under the field's name in this body, which its callers read in the message. */
function nameField(error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const param = FIELDS.get(error.details.param ?? '');
  if (param === undefined) return error;
  const message = `Invalid value for '${param}': ${error.message}`;
  return new AppError(error.code, message, { cause: error.cause, details: { ...error.details, param } });
}

async function readRequest(c: EdgeContext): Promise<TokenRequest> {
  const parsed = realtimeTokenRequest.safeParse((await readJsonBody(c, BODY_RULES)) ?? {});
  if (parsed.success) return parsed.data;
  throw toInvalidRequest(parsed.error);
}

/** What was asked for and is not done, or is done another way. */
function describeChanges({ sessionConfig }: TokenRequest, retired: RetiredModel | null): string[] {
  const texts: string[] = [];
  if (retired !== null)
    texts.push(`The model "${retired.id}" is retired; "${retired.replacement}" took its place.`);
  if (sessionConfig.temperature !== undefined) {
    texts.push('The provider has no temperature for these sessions any more; it was left out.');
  }
  return texts;
}

function toSession({ sessionConfig }: TokenRequest, replacement: string | undefined): SessionConfig {
  const { voice, instructions, maxOutputTokens } = sessionConfig;
  return {
    type: 'realtime',
    model: replacement ?? sessionConfig.model,
    instructions,
    audio: { output: { voice } },
    ...(maxOutputTokens === undefined ? {} : { max_output_tokens: maxOutputTokens }),
  };
}

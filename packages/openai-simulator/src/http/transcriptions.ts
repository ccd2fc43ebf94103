import { formatSeconds } from '../core/numbers.ts';
import { isTranscriptionModel } from '../core/models.ts';
import { computeTranscriptionUsage } from '../core/usage.ts';
import type { Simulation } from '../simulation.ts';
import { measureDurationMs } from '../voice/media-duration.ts';
import { parseForm } from './body.ts';
import { requireProjectKey } from './credentials.ts';
import type { ApiContext } from './environment.ts';
import { type ApiError, createApiError, toResponse } from './errors.ts';

type Upload = { file: File; model: string; format: 'json' | 'text' };

const missing = (param: string): ApiError =>
  createApiError(400, {
    message: `Missing required parameter: '${param}'.`,
    param,
    code: 'missing_required_parameter',
  });

function parseUpload(form: FormData): Upload | ApiError {
  const file = form.get('file');
  const model = form.get('model');
  const asked = form.get('response_format') ?? 'json';
  const format = typeof asked === 'string' ? asked : asked.name;
  if (!(file instanceof File)) return missing('file');
  if (typeof model !== 'string' || model === '') return missing('model');
  if (!isTranscriptionModel(model)) {
    const message = `The model \`${model}\` does not exist or you do not have access to it.`;
    return createApiError(404, { message, param: 'model', code: 'model_not_found' });
  }
  if (format !== 'json' && format !== 'text') {
    const message = `Invalid value: '${format}'. Supported values are: 'json', 'text'.`;
    return createApiError(400, { message, param: 'response_format', code: 'unsupported_value' });
  }
  return { file, model, format };
}

/** The script's next text, or what can be said truly of sound that nobody here understands. */
function transcribe(simulation: Simulation, durationMs: number): string {
  const scripted = simulation.script?.transcriptions[simulation.transcriptionsTaken];
  simulation.transcriptionsTaken += 1;
  return scripted ?? `(${formatSeconds(durationMs)} seconds of audio)`;
}

export async function createTranscription(simulation: Simulation, c: ApiContext): Promise<Response> {
  const refusal = requireProjectKey(c.get('credential'));
  if (refusal !== null) return toResponse(refusal);
  const form = await parseForm(c.req.header('content-type') ?? '', c.get('bytes'));
  if (form === null) return toResponse(missing('file'));
  const upload = parseUpload(form);
  if ('status' in upload) return toResponse(upload);
  const durationMs = measureDurationMs(Buffer.from(await upload.file.arrayBuffer()));
  if (durationMs === null) {
    const message = 'Audio file might be corrupted or unsupported. Supported here: wav, ogg (Opus), webm.';
    return toResponse(createApiError(400, { message, param: 'file', code: 'invalid_value' }));
  }
  const text = transcribe(simulation, durationMs);
  if (upload.format === 'text') return c.text(`${text}\n`);
  return c.json({
    text,
    usage: computeTranscriptionUsage({ model: upload.model, audioMs: durationMs, transcript: text }),
  });
}

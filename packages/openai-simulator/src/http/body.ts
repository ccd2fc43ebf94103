/** Reads a form from bytes that were already taken from the request; null when they are no form. */
export async function parseForm(contentType: string, bytes: Buffer<ArrayBuffer>): Promise<FormData | null> {
  try {
    return await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
  } catch {
    return null;
  }
}

export function parseJson(text: string): { ok: true; value: unknown } | { ok: false } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return { ok: false };
  }
}

/** The text of a form's part, which some clients send as a field and others as a file. */
export async function readPart(form: FormData, name: string): Promise<string | null> {
  const part = form.get(name);
  return part instanceof File ? part.text() : part;
}

async function describePart(name: string, part: string | File): Promise<unknown> {
  if (part instanceof File && name === 'file') return { name: part.name, type: part.type, size: part.size };
  const text = part instanceof File ? await part.text() : part;
  if (name !== 'session') return text;
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : text;
}

/** The body as the request log shows it. */
export async function describeBody(contentType: string, bytes: Buffer<ArrayBuffer>): Promise<unknown> {
  if (bytes.length === 0) return null;
  if (contentType.startsWith('multipart/form-data')) {
    const form = await parseForm(contentType, bytes);
    if (form === null) return null;
    const fields: Record<string, unknown> = {};
    for (const [name, part] of form) fields[name] = await describePart(name, part);
    return fields;
  }
  const text = bytes.toString('utf8');
  const parsed = contentType.startsWith('application/json') ? parseJson(text) : { ok: false as const };
  return parsed.ok ? parsed.value : text;
}

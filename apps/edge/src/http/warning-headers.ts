import { findModel } from '@ephemera/api';

const DAY_MS = 86_400_000;

/** RFC 9111 `Warning`, one for each text; none without a text. */
export function warningHeaders(texts: readonly string[]): Record<string, string> {
  if (texts.length === 0) return {};
  return { warning: texts.map((text) => `299 - ${JSON.stringify(text)}`).join(', ') };
}

/** RFC 9745 and RFC 8594 for a model that the provider is going to shut down, or has. */
export function sunsetHeaders(model: string, issuedAt: Date): Record<string, string> {
  const shutdownAt = findModel(model)?.shutdownAt ?? null;
  if (shutdownAt === null) return {};
  const lastMomentMs = Date.parse(`${shutdownAt}T00:00:00Z`) + DAY_MS;
  return {
    deprecation: `@${Math.floor(Math.min(issuedAt.getTime(), lastMomentMs) / 1_000)}`,
    sunset: new Date(lastMomentMs).toUTCString(),
  };
}

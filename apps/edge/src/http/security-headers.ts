export type PageHeadersOptions = {
  /** Origins that the page talks to beside its own: the provider's REST and WebSocket addresses. */
  connectOrigins: readonly string[];
  /** Whether the page is served over TLS, so that browsers may be told to insist on it. */
  isHttps: boolean;
};

/** On every answer, whatever it is. */
export const ANSWER_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** For answers that are data: nothing in them may ever run or be framed. */
export const DATA_HEADERS = {
  ...ANSWER_HEADERS,
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

/** For the web app's files. */
export function createPageHeaders(options: PageHeadersOptions): Record<string, string> {
  return {
    ...ANSWER_HEADERS,
    'content-security-policy': contentSecurityPolicy(options.connectOrigins),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'microphone=(self), camera=(), geolocation=(), payment=(), usb=()',
    ...(options.isHttps ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
  };
}

/**
 * For the API page, whose script is not ours: it may talk to this service alone, and it writes its styles itself. Markup
 * passes by our own policy there too, or by the one of the framework below it.
 */
export function createDocsHeaders(options: Pick<PageHeadersOptions, 'isHttps'>): Record<string, string> {
  return {
    ...createPageHeaders({ ...options, connectOrigins: [] }),
    'content-security-policy': DOCS_POLICY,
    'permissions-policy': 'microphone=(), camera=(), geolocation=(), payment=(), usb=()',
  };
}

const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types default vue',
].join('; ');

function contentSecurityPolicy(connectOrigins: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src ${["'self'", ...connectOrigins].join(' ')}`,
    "media-src 'self' blob: mediastream:",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ');
}

/** The provider's REST origin and the WebSocket origin beside it. */
export function connectOriginsOf(baseUrl: string): string[] {
  const { origin } = new URL(baseUrl);
  return [origin, origin.replace(/^http/, 'ws')];
}

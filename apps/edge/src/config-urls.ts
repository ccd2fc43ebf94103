const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '::1']);

/** Whether only this machine can reach a listener on `host`. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK_HOSTS.has(host) || /^127(\.\d{1,3}){3}$/.test(host);
}

function parseUrl(value: string): URL | null {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || url.username !== '' || url.password !== '' || url.hash !== '') return null;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname)) ? url : null;
}

/** The address without a trailing slash, or null when it would carry secrets in the clear off this machine. */
export function parseHttpsOrLoopbackUrl(value: string): string | null {
  const url = parseUrl(value);
  return url === null || url.search !== '' ? null : url.href.replace(/\/+$/, '');
}

/** An origin (`https://host[:port]`), or null for anything more than that. */
export function parseOrigin(value: string): string | null {
  const url = parseUrl(value);
  return url !== null && url.pathname === '/' && url.search === '' ? url.origin : null;
}

/** Whether a libSQL address stays on this machine: a file, or a server on loopback. */
export function isLocalDatabase(url: string): boolean {
  if (url.startsWith('file:')) return true;
  return URL.canParse(url) && isLoopbackHost(new URL(url).hostname);
}

const CLAIMS =
  /^(x-forwarded-.*|forwarded|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|cf-connecting-ip.*|fly-client-ip|fastly-client-ip)$/;

/**
 * A copy without what a caller may claim about its own address or ours, since no proxy in front is trusted. And
 * without the fetch metadata of a caller that is no browser: every browser sends Sec-Fetch-Site, Node's fetch sends
 * Sec-Fetch-Mode alone and would be asked for an Origin that it cannot have.
 */
export function sanitizeCallerHeaders(headers: Headers): Headers {
  const copy = new Headers(headers);
  const isBrowser = headers.has('origin') || headers.has('sec-fetch-site');
  for (const name of headers.keys()) {
    if (CLAIMS.test(name) || (!isBrowser && name.startsWith('sec-fetch-'))) copy.delete(name);
  }
  return copy;
}

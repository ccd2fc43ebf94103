const CLAIMS =
  /^(x-forwarded-.*|forwarded|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|cf-connecting-ip.*|fly-client-ip|fastly-client-ip)$/;

/** A copy without what a caller may claim about its own address or ours: no proxy in front is trusted. */
export function withoutForwardedHeaders(headers: Headers): Headers {
  const copy = new Headers(headers);
  for (const name of headers.keys()) if (CLAIMS.test(name)) copy.delete(name);
  return copy;
}

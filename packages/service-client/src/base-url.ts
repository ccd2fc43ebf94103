const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export type BaseUrl = { ok: true; address: string; origin: string } | { ok: false; problem: string };

/** Where a broker is: `address` ends without a slash. A secret goes over plain http only on loopback, or where allowed. */
export function readBaseUrl(baseUrl: string, allowPlainHttp: boolean): BaseUrl {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    return { ok: false, problem: 'baseUrl must be an address such as https://broker.example.' };
  }
  if (url.protocol === 'http:' && !allowPlainHttp && !LOOPBACK.test(url.hostname)) {
    return {
      ok: false,
      problem: `baseUrl ${url.origin} is plain http, which shows the secret and the keys to everybody on the way: use https, or allowPlainHttp: true inside a network that you trust.`,
    };
  }
  return { ok: true, address: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, origin: url.origin };
}

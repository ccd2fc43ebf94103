const ICE_URL = /^(?:turns?|stuns?):[^\s@/]+$/;

/** A configuration error, so it throws at start and not at the first call. */
export function assertIceUrls(urls: readonly string[]): void {
  if (urls.length === 0) throw new TypeError('An ICE server needs at least one URL.');
  for (const url of urls) {
    if (!ICE_URL.test(url)) throw new TypeError('ICE server URLs begin with stun:, stuns:, turn: or turns:.');
  }
}

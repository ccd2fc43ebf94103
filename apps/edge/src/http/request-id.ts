const ACCEPTED = /^[\w\-=]{1,255}$/;

/** The caller's id when it is harmless in a header and a log line, otherwise a new one. */
export function chooseRequestId(offered: string | undefined): string {
  return offered !== undefined && ACCEPTED.test(offered) ? offered : `req_${crypto.randomUUID()}`;
}

import { answerJson, type EdgeContext } from '../http/edge-context.ts';

export type DemoAccount = { name: string; email: string; password: string };

/** `GET /api/demo`: the well-known accounts of a loopback demo, for its sign-in page; none anywhere else. */
export function createDemoRoute(accounts: readonly DemoAccount[]) {
  return (c: EdgeContext): Promise<Response> => Promise.resolve(answerJson(c, { accounts }));
}

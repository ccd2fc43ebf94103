import { Agent, request } from 'node:http';

type PostOptions = {
  token: string;
  /** Takes down each status; or, where there was no answer, why. */
  statuses: (number | string)[];
};

/** Posts on one connection for as long as the server lets it, then on new ones until none is accepted. */
export async function postUntilRefused(url: string, { token, statuses }: PostOptions): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (;;) {
      const answer = await post(url, { agent, token });
      if (answer === 'ECONNREFUSED') return;
      statuses.push(answer);
      if (typeof answer === 'string') return;
    }
  } finally {
    agent.destroy();
  }
}

async function post(
  url: string,
  { agent, token }: { agent: Agent; token: string },
): Promise<number | string> {
  const { promise, resolve } = Promise.withResolvers<number | string>();
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const sent = request(url, { method: 'POST', agent, headers }, (response) => {
    response.resume();
    response.once('end', () => {
      resolve(response.statusCode ?? 0);
    });
    response.once('error', (error) => {
      resolve(error.message);
    });
  });
  sent.once('error', (error) => {
    resolve('code' in error ? String(error.code) : error.message);
  });
  sent.end('{}');
  return await promise;
}

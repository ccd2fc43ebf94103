import { Agent, request } from 'node:http';

type PostOptions = {
  token: string;
  /** Takes down each status; or, where there was no answer, why. */
  statuses: (number | string)[];
};

/** Posts on one connection until an answer says that it is the last, as a client does that has others to turn to. */
export async function postUntilTold(url: string, { token, statuses }: PostOptions): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (let isLast = false; !isLast;) {
      const answer = await post(url, { agent, token });
      statuses.push(answer.status);
      ({ isLast } = answer);
    }
  } finally {
    agent.destroy();
  }
}

type Answer = { status: number | string; isLast: boolean };

async function post(url: string, { agent, token }: { agent: Agent; token: string }): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const fail = (error: Error): void => {
    resolve({ status: 'code' in error ? String(error.code) : error.message, isLast: true });
  };
  const sent = request(url, { method: 'POST', agent, headers }, (response) => {
    response.resume();
    response.once('error', fail);
    response.once('end', () => {
      resolve({ status: response.statusCode ?? 0, isLast: response.headers.connection === 'close' });
    });
  });
  sent.once('error', fail);
  sent.end('{}');
  return await promise;
}

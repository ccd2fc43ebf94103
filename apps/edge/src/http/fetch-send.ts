import { type HttpSend, ResponseTooLargeError } from '@ephemera/api';

/** Requests through the platform's fetch, the only way out of a Worker. Redirects come back as they are. */
export function createFetchSend(fetchImplementation: typeof fetch): HttpSend {
  return async ({ url, method, headers, body, signal }) => {
    const response = await fetchImplementation(url, {
      method,
      headers,
      signal,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
    return {
      status: response.status,
      headers: response.headers,
      text: (maxBytes) => readText(response, maxBytes),
    };
  };
}

async function readText(response: Response, maxBytes: number): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (let step = await reader?.read(); step !== undefined && !step.done; step = await reader?.read()) {
    size += step.value.byteLength;
    if (size > maxBytes) {
      await reader?.cancel();
      throw new ResponseTooLargeError(`The answer is larger than ${maxBytes} bytes.`);
    }
    text += decoder.decode(step.value, { stream: true });
  }
  return text + decoder.decode();
}

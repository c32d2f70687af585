import { type Agent, request as httpRequest } from 'node:http';
import { testWriteKey } from './server.ts';
import { basic } from './track.ts';

export interface PostAnswer {
  readonly status: number;
  readonly text: string;
  /** The request went over a connection that had carried another. */
  readonly reused: boolean;
}

/**
 * Posts a JSON text to the Tracking API over a connection of `agent`, or over one of its own. Undefined
 * when the connection broke before the whole answer was read.
 */
export function post(
  agent: Agent | false,
  port: number,
  path: string,
  body: string,
): Promise<PostAnswer | undefined> {
  return new Promise((resolve) => {
    const headers = { authorization: basic(testWriteKey), 'content-type': 'application/json' };
    const options = { host: '127.0.0.1', port, path, method: 'POST', agent, headers };
    const request = httpRequest(options, (response) => {
      const { statusCode: status = 0 } = response;
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status, text, reused: request.reusedSocket }));
      response.on('error', () => resolve(undefined));
    });
    request.on('error', () => resolve(undefined));
    request.end(body);
  });
}

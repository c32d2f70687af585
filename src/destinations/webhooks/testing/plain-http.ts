import { request } from 'node:http';
import type { Http, HttpAnswer } from '../../../core/http.ts';
import { bodyOf } from '../../../core/testing/loopback-server.ts';

/** The least way out: what is sent is what the destination asked for. */
export const plainHttp: Http = {
  request: ({ method, url, headers, body, signal }) =>
    new Promise<HttpAnswer>((resolve, reject) => {
      const sent = request(url, { method, headers, signal }, (answer) => {
        bodyOf(answer).then((text) => {
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text });
        }, reject);
      });
      sent.on('error', reject);
      sent.end(body);
    }),
};

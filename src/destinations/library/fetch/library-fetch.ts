import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Http } from '../../../core/http.ts';
import { limits } from '../../../core/limits.ts';
import { FetchFailure } from './fetch-failure.ts';
import { LibraryHeaders } from './library-headers.ts';
import { LibraryRequest, type RequestInit } from './library-request.ts';
import { LibraryResponse } from './library-response.ts';

/** For whom a definition works just now: whatever it asks for goes this way out. */
interface Call {
  readonly http: Http;
  readonly signal: AbortSignal;
  /** Of the last answer. */
  status: number | undefined;
}

const calls = new AsyncLocalStorage<Call>();

/** Runs code of the library whose requests go through `http` and end with `signal`. */
export function throughHttp<Result>(call: Call, work: () => Promise<Result>): Promise<Result> {
  return calls.run(call, work);
}

/** The name the library gives itself: in its place goes ours. */
const itsUserAgent = 'Segment (Actions)';

/**
 * `fetch` over our own way out, in place of node-fetch: keep-alive, time-outs on the whole answer, no redirects, the guard
 * of targets, answers of bounded size.
 */
async function libraryFetch(
  input: string | URL | LibraryRequest,
  init?: RequestInit,
): Promise<LibraryResponse> {
  const call = calls.getStore();
  assert(call !== undefined, 'code of the library runs in throughHttp');
  const request = new LibraryRequest(input, init);
  const { url, method, body } = request;
  const headers: Record<string, string> = { accept: '*/*' };
  request.headers.forEach((value, name) => {
    headers[name] = value;
  });
  if (headers['user-agent'] === itsUserAgent) delete headers['user-agent'];
  // They are ours to say; nothing here unpacks an answer.
  for (const name of ['accept-encoding', 'connection', 'content-length', 'host']) {
    delete headers[name];
  }
  const answer = await call.http.request({
    method,
    url,
    headers,
    ...(body !== undefined && { body }),
    timeoutMs: Math.min(request.timeoutMs ?? limits.sendTimeoutMs, limits.libraryTimeoutMs),
    signal: call.signal,
    answerBytes: limits.libraryAnswerBytes,
  });
  if ('failure' in answer) throw new FetchFailure(answer);
  call.status = answer.status;
  return new LibraryResponse(answer.body, {
    status: answer.status,
    headers: headerPairs(answer.headers),
    url,
  });
}

function* headerPairs(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): Generator<[string, string]> {
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') yield [name, value];
    else for (const one of value ?? []) yield [name, one];
  }
}

/** What the library finds where it asks for `cross-fetch`. */
export const fetchModule = {
  __esModule: true,
  default: libraryFetch,
  fetch: libraryFetch,
  Headers: LibraryHeaders,
  Request: LibraryRequest,
  Response: LibraryResponse,
};

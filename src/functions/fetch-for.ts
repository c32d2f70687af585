import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import type { Http, HttpAnswer } from '../core/http.ts';
import { limits } from '../core/limits.ts';
import type { FetchAnswer, FetchCall } from './protocol.ts';

export interface FetchOptions {
  readonly http: Http;
  /** Bound on all of it, redirects included, ms. */
  readonly withinMs: number;
  readonly answerBytes: number;
  readonly signal: AbortSignal;
}

/** Headers that belong to the connection, not to the code. */
const ofConnection = new Set([
  ...['host', 'connection', 'content-length', 'transfer-encoding', 'upgrade', 'keep-alive'],
  ...['expect', 'te', 'trailer', 'proxy-connection', 'accept-encoding'],
]);

/** What does not follow a redirect to another origin. */
const ofOrigin = ['authorization', 'cookie', 'proxy-authorization'];

const unpackers = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * Sends what code asked for with `fetch`: through the pool and the target guard of deliveries, which
 * look at the target of each redirect anew. Never rejects.
 */
export async function fetchFor(call: FetchCall, options: FetchOptions): Promise<FetchAnswer> {
  let { method, url, body } = call;
  let headers = Object.fromEntries(
    call.headers.filter(([name]) => !ofConnection.has(name.toLowerCase())),
  );
  for (let redirects = 0; ; redirects += 1) {
    const verb = methodOf(method);
    if (verb === undefined) return { ok: false, problem: `fetch does not send ${method}` };
    const answer = await options.http.request({
      ...{ method: verb, url, headers, signal: options.signal, timeoutMs: options.withinMs },
      ...(body === undefined ? {} : { body }),
      answerBytes: options.answerBytes + 1,
      asBytes: true,
    });
    if ('failure' in answer) return { ok: false, problem: answer.message };
    const target = redirectOf(answer, url);
    if (target === undefined || call.redirect === 'manual') {
      return read(answer, { url, redirected: redirects > 0, most: options.answerBytes });
    }
    if (call.redirect === 'error') return { ok: false, problem: 'it was redirected' };
    if (redirects >= limits.functionRedirects) {
      return { ok: false, problem: 'it was redirected too often' };
    }
    const asGet = answer.status === 303 || (answer.status < 303 && method === 'POST');
    if (asGet && method !== 'HEAD') {
      method = 'GET';
      body = undefined;
      headers = without(headers, ['content-type']);
    }
    if (new URL(target).origin !== new URL(url).origin) headers = without(headers, ofOrigin);
    url = target;
  }
}

function redirectOf(answer: HttpAnswer, from: string): string | undefined {
  const { location } = answer.headers;
  if (![301, 302, 303, 307, 308].includes(answer.status) || typeof location !== 'string') {
    return undefined;
  }
  return URL.parse(location, from)?.href;
}

async function read(
  answer: HttpAnswer,
  { url, redirected, most }: { url: string; redirected: boolean; most: number },
): Promise<FetchAnswer> {
  const tooLarge = { ok: false, problem: `the answer is larger than ${most} bytes` } as const;
  const raw = answer.bytes ?? Buffer.from(answer.body);
  if (raw.byteLength > most) return tooLarge;
  const headers = Object.entries(answer.headers).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return (typeof value === 'string' ? [value] : value).map((one) => [name, one] as const);
  });
  const encoding = Object.entries(unpackers).find(
    ([name]) => name === answer.headers['content-encoding'],
  );
  const facts = { ok: true, status: answer.status, headers, url, redirected } as const;
  if (encoding === undefined || raw.byteLength === 0) return { ...facts, body: raw };
  try {
    return { ...facts, body: await encoding[1](raw, { maxOutputLength: most }) };
  } catch (error) {
    // Damaged, or larger than an answer may be.
    return error instanceof RangeError ? tooLarge : { ok: false, problem: String(error) };
  }
}

function without(headers: Record<string, string>, names: readonly string[]) {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !names.includes(name.toLowerCase())),
  );
}

function methodOf(method: string) {
  const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
  return methods.find((one) => one === method);
}

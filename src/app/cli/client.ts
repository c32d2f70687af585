import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TributaryError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Config } from '../config/config.ts';

/** The running server as the command line sees it: its Public API, with the operator's token. */
export interface Client {
  readonly address: string;
  /** The `data` of the answer. Throws the API's own words when it refuses. */
  call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: JsonObject,
  ): Promise<JsonObject>;
  /** The raw answer, for streams. */
  open(path: string): Promise<Response>;
}

export function createClient(config: Config, options: { url?: string; token?: string }): Client {
  const address = (options.url ?? localAddress(config)).replace(/\/+$/, '');
  const token = options.token ?? config.token ?? storedToken(config);
  const request = async (path: string, init: RequestInit): Promise<Response> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    let answer: Response;
    try {
      answer = await fetch(`${address}/api${path}`, { ...init, headers });
    } catch (cause) {
      throw new TributaryError('unavailable', `No server answers at ${address}`, { cause });
    }
    if (!answer.ok) throw await refusal(answer);
    return answer;
  };
  return {
    address,
    open: (path) => request(path, {}),
    call: async (method, path, body) => {
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
      const answer: unknown = await (await request(path, init)).json();
      const data = isJsonObject(answer) ? answer['data'] : undefined;
      return isJsonObject(data) ? data : {};
    },
  };
}

function localAddress(config: Config): string {
  const host = ['0.0.0.0', '::'].includes(config.host) ? '127.0.0.1' : config.host;
  return `http://${host.includes(':') ? `[${host}]` : host}:${config.port}`;
}

function storedToken(config: Config): string {
  try {
    return readFileSync(join(config.data, 'access-token'), 'utf8').trim();
  } catch (cause) {
    throw new TributaryError(
      'authentication_error',
      'An access token is needed: --token, TRIBUTARY_TOKEN, or the data folder of the server',
      { cause },
    );
  }
}

async function refusal(answer: Response): Promise<TributaryError> {
  const text = await answer.text();
  const code =
    answer.status === 404
      ? 'not_found'
      : answer.status === 401
        ? 'authentication_error'
        : 'unavailable';
  return new TributaryError(code, `The server answered ${answer.status}: ${messagesOf(text)}`);
}

function messagesOf(text: string): string {
  let body: Json;
  try {
    body = JSON.parse(text) as Json;
  } catch {
    // Not JSON: a proxy in between. Its words are all there is.
    return text.slice(0, 200);
  }
  const errors = isJsonObject(body) ? body['errors'] : undefined;
  if (!Array.isArray(errors)) return text.slice(0, 200);
  return errors.map((error) => (isJsonObject(error) ? error['message'] : '')).join('; ');
}

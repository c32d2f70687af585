import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Config } from '../config/config.ts';
import { ownAddress } from '../node/own-address.ts';
import { type Fetch, localFetch } from './local-fetch.ts';

/** The running server as the command line sees it: its Public API, with the operator's token. */
export interface Client {
  readonly address: string;
  /** Where it takes events: another port when there is one for administration. */
  readonly trackingAddress: string;
  readonly fetch: Fetch;
  /** The `data` of the answer. Throws the API's own words when it refuses. */
  call(
    method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
    path: string,
    body?: JsonObject,
  ): Promise<JsonObject>;
  /** The raw answer, for streams. */
  open(path: string): Promise<Response>;
}

export async function createClient(
  config: Config,
  options: { url?: string; token?: string },
): Promise<Client> {
  const { host, port, adminHost, adminPort = port } = config;
  const isAdmin = config.adminPort !== undefined;
  const listener = { host: isAdmin ? adminHost : host, port: adminPort };
  const address = (options.url ?? ownAddress(config, listener)).replace(/\/+$/, '');
  const trackingAddress = options.url === undefined ? ownAddress(config, { host, port }) : address;
  const send: Fetch = options.url === undefined ? await localFetch(config) : fetch;
  const token = options.token ?? config.token ?? storedToken(config);
  const request = async (
    path: string,
    init: { method?: string; body?: string },
  ): Promise<Response> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    for (;;) {
      let answer: Response;
      try {
        answer = await send(`${address}/api${path}`, { ...init, headers });
      } catch (cause) {
        throw new TributaryError('unavailable', `No server answers at ${address}`, { cause });
      }
      if (answer.ok) return answer;
      const seconds = Number(answer.headers.get('retry-after') ?? 1);
      // Many changes at once go over the rate of a token: they wait for the next minute.
      if (answer.status !== 429) throw await refusal(answer);
      await answer.arrayBuffer();
      await systemClock.sleep(Math.max(seconds, 1) * 1_000);
    }
  };
  return {
    address,
    trackingAddress,
    fetch: send,
    open: (path) => request(path, {}),
    call: async (method, path, body) => {
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
      const answer: unknown = await (await request(path, init)).json();
      const data = isJsonObject(answer) ? answer['data'] : undefined;
      return isJsonObject(data) ? data : {};
    },
  };
}

function storedToken(config: Config): string {
  try {
    return readFileSync(join(config.data, 'access-token'), 'utf8').trim();
  } catch (cause) {
    throw new TributaryError(
      'authentication_error',
      'An access token is needed: --token, TRIBUTARY_TOKEN, or TRIBUTARY_DATA, the data folder of the server',
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

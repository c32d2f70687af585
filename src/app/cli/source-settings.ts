import type { JsonObject } from '../../core/json.ts';
import type { Client } from './client.ts';
import { printJson } from './print-json.ts';
import { sourcePath } from './sources.ts';

export interface LimitOptions {
  readonly requestsPerSecond?: string;
  readonly requestBytes?: string;
  readonly eventBytes?: string;
  readonly batchEvents?: string;
}

export interface PolicyOptions {
  readonly bots?: string;
  readonly ip?: string;
  readonly country?: string;
}

export interface DestinationPolicyOptions {
  readonly takes?: string;
  readonly consent?: string;
}

/** `tributary source limits`: sets what is given, then prints what holds; `default` goes back to the server's. */
export async function sourceLimits(
  client: Client,
  source: string,
  options: LimitOptions,
): Promise<void> {
  const path = `${await sourcePath(client, source)}/limits`;
  const { requestsPerSecond, requestBytes, eventBytes, batchEvents } = options;
  const given = Object.entries({ requestsPerSecond, requestBytes, eventBytes, batchEvents });
  const body = Object.fromEntries(
    given.flatMap(([name, text]) =>
      text === undefined ? [] : [[name, text === 'default' ? null : Number(text)]],
    ),
  );
  printJson((await changeOrRead(client, path, body))['limits']);
}

/** `tributary source policy`: sets what is given, then prints what holds. */
export async function sourcePolicy(
  client: Client,
  source: string,
  { bots, ip, country }: PolicyOptions,
): Promise<void> {
  const path = `${await sourcePath(client, source)}/policy`;
  const body = {
    ...(bots === undefined ? {} : { bots }),
    ...(ip === undefined ? {} : { ip }),
    ...(country === undefined ? {} : { country: country === 'on' }),
  };
  printJson((await changeOrRead(client, path, body))['policy']);
}

/** `tributary source region`: sets it if one is given, then prints what holds. */
export async function sourceRegion(
  client: Client,
  source: string,
  region: string | undefined,
): Promise<void> {
  const path = `${await sourcePath(client, source)}/region`;
  const body = region === undefined ? {} : { region: region === 'any' ? null : region };
  printJson(await changeOrRead(client, path, body));
}

/** `tributary destination policy`. */
export async function destinationPolicy(
  client: Client,
  destination: string,
  { takes, consent }: DestinationPolicyOptions,
): Promise<void> {
  const path = `/destinations/${encodeURIComponent(destination)}/policy`;
  const body = {
    ...(takes === undefined ? {} : { takes }),
    ...(consent === undefined
      ? {}
      : { consentCategories: consent === 'none' ? [] : consent.split(',') }),
  };
  printJson((await changeOrRead(client, path, body))['policy']);
}

function changeOrRead(client: Client, path: string, body: JsonObject): Promise<JsonObject> {
  const isEmpty = Object.keys(body).length === 0;
  return isEmpty ? client.call('GET', path) : client.call('PATCH', path, body);
}

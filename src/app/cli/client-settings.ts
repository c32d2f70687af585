import { readFileSync } from 'node:fs';
import { TributaryError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Client } from './client.ts';
import { printJson } from './print-json.ts';
import { sourcePath } from './sources.ts';

/** `tributary source client-settings`: merges a value into one of them if it is given, then prints what holds. */
export async function clientSettings(
  client: Client,
  source: string,
  name: string | undefined,
  value: string | undefined,
): Promise<void> {
  const path = `${await sourcePath(client, source)}/client-settings`;
  const { clientSettings } = await (name === undefined || value === undefined
    ? client.call('GET', path)
    : client.call('PATCH', path, { [name]: readValue(value) }));
  printJson(clientSettings);
}

/** `tributary destination subscriptions`: sets them if they are given, then prints what holds. */
export async function destinationSubscriptions(
  client: Client,
  destination: string,
  value: string | undefined,
): Promise<void> {
  const path = `/destinations/${encodeURIComponent(destination)}/device-mode`;
  const body: JsonObject | undefined =
    value === undefined ? undefined : { subscriptions: readValue(value) ?? [] };
  const { deviceMode } = await (body === undefined
    ? client.call('GET', path)
    : client.call('PATCH', path, body));
  printJson(deviceMode);
}

/** JSON, `@file` with JSON, or `default`, which is null. */
export function readValue(value: string): Json {
  if (value === 'default') return null;
  const text = value.startsWith('@') ? readFileSync(value.slice(1), 'utf8') : value;
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    throw new TributaryError('input_validation', `This is not JSON: ${text.slice(0, 100)}`, {
      cause,
    });
  }
}

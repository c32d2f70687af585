import { TributaryError } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Client } from './client.ts';
import { readValue } from './client-settings.ts';
import { printJson } from './print-json.ts';

export interface DestinationLimitOptions {
  readonly requestsPerSecond?: string;
  readonly concurrency?: string;
}

export interface AudienceOptions {
  /** JSON, or `@file` with JSON. */
  readonly settings?: string;
  readonly externalId?: string;
  readonly remove?: boolean;
}

/** The id of the destination with this id, or with this name if no other has it. */
export async function destinationId(client: Client, named: string): Promise<string> {
  const all = objects(
    await client.call('GET', '/destinations?pagination.count=1000'),
    'destinations',
  );
  const own = all.find(({ id }) => id === named);
  const [first, other] = own === undefined ? all.filter(({ name }) => name === named) : [own];
  if (first === undefined)
    throw new TributaryError('not_found', `There is no destination ${named}`);
  if (other !== undefined) {
    throw new TributaryError('conflict', `Several destinations are named ${named}: give the id`);
  }
  return String(first['id']);
}

/** `tributary destination limits`: sets what is given, then prints what holds; `none` takes one away. */
export async function destinationLimits(
  client: Client,
  destination: string,
  { requestsPerSecond, concurrency }: DestinationLimitOptions,
): Promise<void> {
  const path = `/destinations/${encodeURIComponent(destination)}/limits`;
  const given = Object.entries({ requestsPerSecond, concurrency });
  const body = Object.fromEntries(
    given.flatMap(([name, text]) =>
      text === undefined ? [] : [[name, text === 'none' ? null : Number(text)]],
    ),
  );
  const isEmpty = Object.keys(body).length === 0;
  const answer = isEmpty ? client.call('GET', path) : client.call('PATCH', path, body);
  printJson((await answer)['limits']);
}

/** `tributary destination choices`. */
export async function fieldChoices(
  client: Client,
  destination: string,
  subscription: string,
  { field, page }: { readonly field: string; readonly page?: string },
): Promise<void> {
  const [id, one] = [destination, subscription].map(encodeURIComponent);
  const query = new URLSearchParams({ fieldKey: field, ...(page !== undefined && { page }) });
  printJson(
    await client.call('GET', `/destinations/${id}/subscriptions/${one}/field-choices?${query}`),
  );
}

/** `tributary destination hooks`. */
export async function destinationHooks(client: Client, kind: string): Promise<void> {
  printJson(await client.call('GET', `/catalog/destinations/${encodeURIComponent(kind)}/hooks`));
}

/** `tributary destination audiences`. */
export async function destinationAudiences(client: Client, destination: string): Promise<void> {
  const path = `/destinations/${encodeURIComponent(destination)}/audiences`;
  printJson((await client.call('GET', path))['audiences']);
}

/** `tributary destination connect-audience`: the audience is looked for in every space. */
export async function connectAudience(
  client: Client,
  destination: string,
  key: string,
  { settings, externalId, remove }: AudienceOptions,
): Promise<void> {
  const path = `${await audiencePath(client, key)}/destination-connections`;
  if (remove === true) {
    await client.call('DELETE', `${path}/${encodeURIComponent(destination)}`);
  } else {
    const connectionSettings = settings === undefined ? null : readValue(settings);
    await client.call('POST', path, {
      destination: { id: destination, type: 'DESTINATION' },
      connectionSettings,
      ...(externalId !== undefined && { externalId }),
    });
  }
  await destinationAudiences(client, destination);
}

async function audiencePath(client: Client, key: string): Promise<string> {
  for (const { id } of objects(
    await client.call('GET', '/spaces?pagination[count]=200'),
    'spaces',
  )) {
    const space = `/spaces/${String(id)}/audiences`;
    const found = await client.call('GET', `${space}?pagination[count]=1000`);
    const audience = objects(found, 'audiences').find((one) => one['key'] === key);
    if (audience !== undefined) return `${space}/${String(audience['id'])}`;
  }
  throw new TributaryError('not_found', `There is no audience "${key}"`);
}

function objects(data: JsonObject, name: string): readonly JsonObject[] {
  const list = data[name];
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

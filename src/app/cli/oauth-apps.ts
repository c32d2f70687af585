import { readFileSync } from 'node:fs';
import { TributaryError } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Client } from './client.ts';
import { printJson } from './print-json.ts';
import { findSource, sourcePath } from './sources.ts';

export interface AppOptions {
  readonly name?: string;
  readonly scope?: readonly string[];
  readonly tokenLifetime?: string;
}

export interface NewAppOptions extends AppOptions {
  readonly publicKey?: string;
  readonly keyName?: string;
  readonly source?: readonly string[];
}

/** `tributary oauth list`: one JSON line an app, oldest first. */
export async function listApps(client: Client): Promise<void> {
  for (const app of await readApps(client)) process.stdout.write(`${JSON.stringify(app)}\n`);
}

/** `tributary oauth create`. */
export async function createApp(
  client: Client,
  name: string,
  options: NewAppOptions,
): Promise<void> {
  const { publicKey, keyName, source = [] } = options;
  const found = await Promise.all(source.map((named) => findSource(client, named)));
  const { app } = await client.call('POST', '/oauth/apps', {
    ...changes({ ...options, name }),
    ...(publicKey === undefined ? {} : { publicKey: readPem(publicKey) }),
    ...(keyName === undefined ? {} : { publicKeyName: keyName }),
    sourceIds: found.map(({ id }) => String(id)),
  });
  printJson(app);
}

/** `tributary oauth show`. */
export async function showApp(client: Client, app: string): Promise<void> {
  printJson((await client.call('GET', await appPath(client, app)))['app']);
}

/** `tributary oauth set`. */
export async function changeApp(client: Client, app: string, options: AppOptions): Promise<void> {
  const path = await appPath(client, app);
  printJson((await client.call('PATCH', path, changes(options)))['app']);
}

/** `tributary oauth remove`: with its keys; its tokens are refused from now on. */
export async function removeApp(client: Client, app: string): Promise<void> {
  await client.call('DELETE', await appPath(client, app));
  process.stdout.write('removed\n');
}

/** `tributary oauth add-key`. */
export async function addAppKey(
  client: Client,
  app: string,
  file: string,
  { name }: { readonly name?: string },
): Promise<void> {
  const path = `${await appPath(client, app)}/keys`;
  const body = { publicKey: readPem(file), ...(name === undefined ? {} : { name }) };
  printJson((await client.call('POST', path, body))['app']);
}

/** `tributary oauth remove-key`: the tokens that were given for it are refused from now on. */
export async function removeAppKey(client: Client, app: string, key: string): Promise<void> {
  const path = `${await appPath(client, app)}/keys/${encodeURIComponent(key)}`;
  printJson((await client.call('DELETE', path))['app']);
}

/** `tributary oauth connect` and `disconnect`: whether the app may write to the source. */
export async function connectApp(
  client: Client,
  app: string,
  source: string,
  mayWrite: boolean,
): Promise<void> {
  const path = `${await appPath(client, app)}/sources`;
  const sourceId = String((await findSource(client, source))['id']);
  const answer = mayWrite
    ? await client.call('POST', path, { sourceId })
    : await client.call('DELETE', `${path}/${encodeURIComponent(sourceId)}`);
  printJson(answer['app']);
}

/** `tributary oauth require`: sets it if it is said, then prints what holds. */
export async function requireOAuth(
  client: Client,
  source: string,
  required: string | undefined,
): Promise<void> {
  const path = `${await sourcePath(client, source)}/oauth`;
  const answer =
    required === undefined
      ? await client.call('GET', path)
      : await client.call('PATCH', path, { required: required === 'on' });
  printJson(answer['oauth']);
}

/** `tributary oauth revoke-tokens`: all that the app holds; its keys can fetch new ones. */
export async function revokeTokens(client: Client, app: string): Promise<void> {
  await client.call('POST', `${await appPath(client, app)}/revoke-tokens`, {});
  process.stdout.write('revoked\n');
}

/** `tributary oauth revoke-token`. */
export async function revokeToken(client: Client, token: string): Promise<void> {
  await client.call('POST', '/oauth/revoke-token', { token });
  process.stdout.write('revoked\n');
}

function changes({ name, scope, tokenLifetime }: AppOptions): JsonObject {
  return {
    ...(name === undefined ? {} : { name }),
    ...(scope === undefined ? {} : { scopes: scope }),
    ...(tokenLifetime === undefined ? {} : { tokenLifetime }),
  };
}

/** The path of the app with this id, or with this name if no other has it. */
async function appPath(client: Client, named: string): Promise<string> {
  const apps = await readApps(client);
  const own = apps.find(({ id }) => id === named);
  const [first, other] = own === undefined ? apps.filter(({ name }) => name === named) : [own];
  if (first === undefined) throw new TributaryError('not_found', `There is no OAuth app ${named}`);
  if (other !== undefined) {
    throw new TributaryError('conflict', `Several OAuth apps are named ${named}: give the id`);
  }
  return `/oauth/apps/${encodeURIComponent(String(first['id']))}`;
}

async function readApps(client: Client): Promise<readonly JsonObject[]> {
  const { apps } = await client.call('GET', '/oauth/apps?pagination.count=1000');
  return Array.isArray(apps) ? apps.filter(isJsonObject) : [];
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new TributaryError('validation_error', `The file ${file} cannot be read`, { cause });
  }
}

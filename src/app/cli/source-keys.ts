import { systemClock } from '../../core/clock.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Client } from './client.ts';
import { parseMoment } from './parse-moment.ts';
import { printJson } from './print-json.ts';
import { sourcePath } from './sources.ts';

export interface NewKeyOptions {
  readonly key?: string;
  readonly test?: boolean;
  readonly name?: string;
  readonly expires?: string;
}

/** `tributary source keys`: one JSON line a key, oldest first. */
export async function listKeys(client: Client, source: string): Promise<void> {
  for (const key of await readKeys(client, await sourcePath(client, source))) {
    process.stdout.write(`${JSON.stringify(key)}\n`);
  }
}

/** `tributary source add-key`. */
export async function addKey(
  client: Client,
  source: string,
  options: NewKeyOptions,
): Promise<void> {
  const path = await sourcePath(client, source);
  const { key, name, expires = 'never' } = options;
  const expiresAt = parseMoment(expires, systemClock.now());
  const { writeKey } = await client.call('POST', `${path}/write-keys`, {
    mode: options.test === true ? 'test' : 'live',
    ...(key === undefined ? {} : { writeKey: key }),
    ...(name === undefined ? {} : { name }),
    ...(expiresAt === null ? {} : { expiresAt }),
  });
  printJson(writeKey);
}

/** `tributary source expire-key`. */
export async function expireKey(
  client: Client,
  source: string,
  key: string,
  when: string,
): Promise<void> {
  const path = await sourcePath(client, source);
  const expiresAt = parseMoment(when, systemClock.now());
  printJson((await client.call('PATCH', keyPath(path, key), { expiresAt }))['writeKey']);
}

/** `tributary source remove-key`: refused from now on. */
export async function removeKey(client: Client, source: string, key: string): Promise<void> {
  const path = await sourcePath(client, source);
  await client.call('DELETE', `${path}/writekey/${encodeURIComponent(key)}`);
  process.stdout.write('removed\n');
}

/** `tributary source rotate-key`: a new live key, and the live keys so far expire after the overlap. */
export async function rotateKey(client: Client, source: string, overlap: string): Promise<void> {
  const path = await sourcePath(client, source);
  const expiresAt = parseMoment(overlap, systemClock.now());
  const old = (await readKeys(client, path)).filter(
    (key) => key['mode'] === 'live' && key['expiresAt'] === null,
  );
  const { writeKey } = await client.call('POST', `${path}/write-keys`, {});
  for (const key of old) {
    await client.call('PATCH', keyPath(path, String(key['writeKey'])), { expiresAt });
  }
  printJson(writeKey);
}

async function readKeys(client: Client, path: string): Promise<readonly JsonObject[]> {
  const { writeKeys } = await client.call('GET', `${path}/write-keys`);
  return Array.isArray(writeKeys) ? writeKeys.filter(isJsonObject) : [];
}

function keyPath(source: string, key: string): string {
  return `${source}/write-keys/${encodeURIComponent(key)}`;
}

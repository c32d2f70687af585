import { TributaryError } from '../../core/errors.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Client } from './client.ts';

/** The source with this id or slug; the first when none is named. */
export async function findSource(client: Client, named: string | undefined): Promise<JsonObject> {
  const { sources } = await client.call('GET', '/sources?pagination.count=1000');
  const list = Array.isArray(sources) ? sources.filter(isJsonObject) : [];
  const source = list.find(
    (candidate) => named === undefined || candidate['id'] === named || candidate['slug'] === named,
  );
  if (source === undefined)
    throw new TributaryError('not_found', `There is no source ${named ?? ''}`);
  return source;
}

/** The id of the source with this id or slug. */
export async function sourceId(client: Client, named: string): Promise<string> {
  return String((await findSource(client, named))['id']);
}

/** The path of a source in the API. */
export async function sourcePath(client: Client, named: string): Promise<string> {
  return `/sources/${encodeURIComponent(await sourceId(client, named))}`;
}

/** `tributary source list`: one JSON line a source. */
export async function listSources(client: Client): Promise<void> {
  const { sources } = await client.call('GET', '/sources?pagination.count=1000');
  for (const source of Array.isArray(sources) ? sources.filter(isJsonObject) : []) {
    const { id, slug, name, enabled } = source;
    process.stdout.write(`${JSON.stringify({ id, slug, name, enabled })}\n`);
  }
}

import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { eventually } from './eventually.ts';
import { type Server, testToken } from './server.ts';

/**
 * Calls the Public API as a user with the first token would; fails on any status from 300 up. The
 * server takes events before its control plane runs: that is waited for.
 */
export async function api(
  server: Server,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  body?: JsonObject,
): Promise<JsonObject> {
  const answer = await eventually('the control plane answers', async () => {
    const tried = await fetch(`${server.url}/api${path}`, {
      method,
      headers: {
        authorization: `Bearer ${testToken}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return tried.status !== 503 && tried;
  });
  const text = await answer.text();
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  const value: Json = text === '' ? {} : JSON.parse(text);
  return isJsonObject(value) ? value : {};
}

/** Id of the source that the first start makes. */
export async function firstSource(server: Server): Promise<string> {
  const answer = await api(server, 'GET', '/sources?pagination[count]=10');
  const id = valueAt(answer, 'data.sources.0.id');
  if (typeof id !== 'string') throw new Error(`no source in ${JSON.stringify(answer)}`);
  return id;
}

/** Connects a `webhooks` destination to a source, the first unless another is named; returns its id. */
export async function addWebhook(
  server: Server,
  hooks: readonly string[],
  settings: JsonObject = {},
  source?: string,
): Promise<string> {
  const answer = await api(server, 'POST', '/destinations', {
    sourceId: source ?? (await firstSource(server)),
    metadataId: await metadataOf(server, 'webhooks'),
    name: 'test webhook',
    enabled: true,
    settings: { hooks, ...settings },
  });
  const id = valueAt(answer, 'data.destination.id');
  if (typeof id !== 'string') throw new Error(`no destination in ${JSON.stringify(answer)}`);
  return id;
}

async function metadataOf(server: Server, slug: string): Promise<string> {
  const answer = await api(server, 'GET', '/catalog/destinations?pagination[count]=200');
  const list = valueAt(answer, 'data.destinationsCatalog');
  const found = Array.isArray(list)
    ? list.find((item) => isJsonObject(item) && item['slug'] === slug)
    : undefined;
  const id = valueAt(found, 'id');
  if (typeof id !== 'string') throw new Error(`no ${slug} in ${JSON.stringify(answer)}`);
  return id;
}

/** The value at a dotted path: `context.library.name`, `batch.0.type`. */
export function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => {
    if (Array.isArray(inner)) return inner[Number(key)];
    return isJsonObject(inner) ? inner[key] : undefined;
  }, value);
}

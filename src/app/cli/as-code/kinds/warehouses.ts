import type { JsonObject } from '../../../../core/json.ts';
import type { Kind, Present, Session } from '../kind.ts';
import { idOf, missing, objectAt, optionsOf, pick, readAll, textAt, texts } from '../session.ts';

export const warehouses: Kind = {
  name: 'warehouses',
  title: 'warehouse',
  key: (item) => textAt(item, 'name'),
  fixed: ['kind'],
  unordered: ['sources'],
  read: async ({ client }, wanted) => {
    const withSources = new Set(
      wanted?.filter((item) => item['sources'] !== undefined).map(warehouses.key),
    );
    const withSchedule = new Set(
      wanted?.filter((item) => item['schedule'] !== undefined).map(warehouses.key),
    );
    const found: Present[] = [];
    for (const warehouse of await readAll(client, '/warehouses', 'warehouses')) {
      const metadata = objectAt(warehouse, 'metadata');
      const { name = metadata['slug'], ...settings } = objectAt(warehouse, 'settings');
      const item = { name, kind: metadata['slug'], ...pick(warehouse, 'enabled'), settings };
      const id = textAt(warehouse, 'id');
      const key = warehouses.key(item);
      const reads = wanted === undefined || withSources.has(key);
      const schedule = await scheduleOf(client, id);
      // What nobody set is not worth a line, unless a file speaks of it.
      const shows = schedule['strategy'] !== 'DEFAULT' || withSchedule.has(key);
      found.push({
        id,
        item: {
          ...item,
          ...(shows && { schedule }),
          ...(reads && { sources: await connected(client, id) }),
        },
        options: { ...optionsOf(metadata), hidesSecrets: true },
      });
    }
    return found;
  },
  make: async (session, item) => {
    const { warehouse } = await session.client.call('POST', '/warehouses', {
      ...pick(item, 'name', 'enabled', 'settings'),
      metadataId: textAt(item, 'kind'),
      ...(item['sources'] !== undefined && { disconnectAllSources: true }),
    });
    const id = textAt(objectAt({ warehouse }, 'warehouse'), 'id');
    await schedule(session, id, item);
    await connect(session, id, item);
    return id;
  },
  change: async (session, { id }, changes) => {
    const body = pick(changes, 'name', 'enabled', 'settings');
    if (Object.keys(body).length > 0) await session.client.call('PATCH', `/warehouses/${id}`, body);
    await schedule(session, id, changes);
    await connect(session, id, changes);
  },
  remove: async ({ client }, { id }) => {
    await client.call('DELETE', `/warehouses/${id}`);
  },
};

/** As a file has it: the interval of a default says itself. */
async function scheduleOf(client: Session['client'], id: string): Promise<JsonObject> {
  const answer = await client.call('GET', `/warehouses/${id}/sync-schedule`);
  const { strategy = null, config = null } = objectAt(answer, 'schedule');
  const isWhole = config === null || strategy === 'DEFAULT';
  return isWhole ? { strategy } : { strategy, config };
}

async function schedule({ client }: Session, id: string, item: JsonObject): Promise<void> {
  const { schedule } = item;
  if (schedule === undefined) return;
  await client.call('PUT', `/warehouses/${id}/sync-schedule`, { schedule });
}

async function connected(client: Session['client'], id: string): Promise<string[]> {
  const sources = await readAll(client, `/warehouses/${id}/connected-sources`, 'sources');
  return sources.map((source) => textAt(source, 'slug'));
}

/** Connects exactly the sources that are wanted. */
async function connect(session: Session, id: string, item: JsonObject): Promise<void> {
  if (item['sources'] === undefined) return;
  const wanted = texts(item['sources']);
  const present = await connected(session.client, id);
  const call = (method: 'POST' | 'DELETE', slug: string) => {
    const source = idOf(session, 'sources', slug);
    return session.client.call(method, `/warehouses/${id}/connected-sources/${source}`);
  };
  for (const slug of missing(wanted, present)) await call('POST', slug);
  for (const slug of missing(present, wanted)) await call('DELETE', slug);
}

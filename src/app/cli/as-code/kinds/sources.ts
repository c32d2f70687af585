import type { JsonObject } from '../../../../core/json.ts';
import type { Kind, Present, Session } from '../kind.ts';
import {
  kindWords,
  metadataIdOf,
  objectAt,
  objects,
  oneOfKinds,
  pick,
  readAll,
  textAt,
} from '../session.ts';

export const sources: Kind = {
  name: 'sources',
  title: 'source',
  key: (item) => textAt(item, 'slug'),
  fixed: ['kind', 'function'],
  fromFile: oneOfKinds,
  unordered: ['labels'],
  partial: ['schemaSettings'],
  read: async (session, wanted) => {
    const all = await readAll(session.client, '/sources', 'sources');
    const withSchema = new Set(
      wanted?.filter((item) => item['schemaSettings'] !== undefined).map(sources.key),
    );
    const found: Present[] = [];
    for (const source of all) {
      const slug = textAt(source, 'slug');
      const item = sourceItem(session, source);
      const reads = wanted === undefined || withSchema.has(slug);
      found.push({
        id: textAt(source, 'id'),
        item: reads ? { ...item, schemaSettings: await schemaOf(session, source) } : item,
      });
    }
    return found;
  },
  make: async (session, item) => {
    const { source } = await session.client.call('POST', '/sources', {
      ...pick(item, 'slug', 'name', 'enabled', 'settings'),
      metadataId: metadataIdOf(session, item),
    });
    const id = textAt(objectAt({ source }, 'source'), 'id');
    await furnish(session, id, item);
    return id;
  },
  change: async (session, { id }, changes) => {
    const body = pick(changes, 'name', 'enabled', 'settings');
    if (Object.keys(body).length > 0) await session.client.call('PATCH', `/sources/${id}`, body);
    await furnish(session, id, changes);
  },
  remove: async ({ client }, { id }) => {
    await client.call('DELETE', `/sources/${id}`);
  },
};

function sourceItem(session: Session, source: JsonObject): JsonObject {
  return {
    ...pick(source, 'slug', 'name', 'enabled', 'settings'),
    ...kindWords(session, objectAt(source, 'metadata')),
    labels: objects(source['labels']).map((label) => pick(label, 'key', 'value')),
  };
}

async function schemaOf({ client }: Session, source: JsonObject): Promise<JsonObject> {
  const { settings } = await client.call('GET', `/sources/${textAt(source, 'id')}/settings`);
  // Where violations are forwarded to is a source by id: no word for it in files yet.
  return pick(objectAt({ settings }, 'settings'), 'track', 'identify', 'group');
}

/** What has operations of its own. */
async function furnish({ client }: Session, id: string, item: JsonObject): Promise<void> {
  const { labels, schemaSettings } = item;
  if (labels !== undefined) await client.call('PUT', `/sources/${id}/labels`, { labels });
  if (schemaSettings === undefined) return;
  const { settings } = await client.call('GET', `/sources/${id}/settings`);
  const forwarding = pick(
    objectAt({ settings }, 'settings'),
    'forwardingViolationsTo',
    'forwardingBlockedEventsTo',
  );
  const wanted = objectAt(item, 'schemaSettings');
  await client.call('PATCH', `/sources/${id}/settings`, { ...forwarding, ...wanted });
}

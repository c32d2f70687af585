import type { JsonObject } from '../../../../core/json.ts';
import type { Kind } from '../kind.ts';
import { idOf, keyOf, objectAt, objects, readAll, textAt } from '../session.ts';

export const transformations: Kind = {
  name: 'transformations',
  title: 'transformation',
  key: (item) => `${textAt(item, 'source')}/${textAt(item, 'name')}`,
  fixed: [],
  read: async (session) => {
    const all = await readAll(session.client, '/transformations', 'transformations');
    const slugs = all.some((one) => one['destinationMetadataId'] !== undefined)
      ? await destinationSlugs(session.client)
      : new Map<string, string>();
    return all.map(({ id, sourceId, destinationMetadataId, ...rest }) => ({
      id: String(id),
      item: {
        source: keyOf(session, 'sources', String(sourceId)),
        ...(typeof destinationMetadataId === 'string' && {
          destinationKind: slugs.get(destinationMetadataId) ?? destinationMetadataId,
        }),
        ...rest,
      },
    }));
  },
  make: async (session, item) => {
    const { source, destinationKind, ...rest } = item;
    const { transformation } = await session.client.call('POST', '/transformations', {
      ...rest,
      ...(await kindOf(session.client, destinationKind)),
      sourceId: idOf(session, 'sources', String(source)),
    });
    return textAt(objectAt({ transformation }, 'transformation'), 'id');
  },
  change: async ({ client }, { id }, { destinationKind, ...changes }) => {
    const kind = await kindOf(client, destinationKind);
    await client.call('PATCH', `/transformations/${id}`, { ...changes, ...kind });
  },
  remove: async ({ client }, { id }) => {
    await client.call('DELETE', `/transformations/${id}`);
  },
};

type Client = Parameters<typeof readAll>[0];

async function destinationSlugs(client: Client): Promise<Map<string, string>> {
  const all = await readAll(client, '/catalog/destinations', 'destinationsCatalog');
  return new Map(objects(all).map((kind) => [textAt(kind, 'id'), textAt(kind, 'slug')]));
}

async function kindOf(client: Client, slug: JsonObject[string]): Promise<JsonObject> {
  if (typeof slug !== 'string') return {};
  const found = [...(await destinationSlugs(client))].find((entry) => entry[1] === slug);
  return { destinationMetadataId: found?.[0] ?? slug };
}

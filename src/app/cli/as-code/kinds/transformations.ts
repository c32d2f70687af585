import type { JsonObject } from '../../../../core/json.ts';
import type { Kind, Session } from '../kind.ts';
import {
  functionNamed,
  functionOf,
  idOf,
  keyOf,
  objectAt,
  objects,
  readAll,
  textAt,
} from '../session.ts';

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
    const wordsOf = (id: string): JsonObject => {
      const name = functionNamed(session, id);
      return name === undefined
        ? { destinationKind: slugs.get(id) ?? id }
        : { destinationFunction: name };
    };
    return all.map(({ id, sourceId, destinationMetadataId, ...rest }) => ({
      id: String(id),
      item: {
        source: keyOf(session, 'sources', String(sourceId)),
        ...(typeof destinationMetadataId === 'string' && wordsOf(destinationMetadataId)),
        ...rest,
      },
    }));
  },
  make: async (session, item) => {
    const { source, destinationKind, destinationFunction, ...rest } = item;
    const { transformation } = await session.client.call('POST', '/transformations', {
      ...rest,
      ...(await kindOf(session, destinationKind, destinationFunction)),
      sourceId: idOf(session, 'sources', String(source)),
    });
    return textAt(objectAt({ transformation }, 'transformation'), 'id');
  },
  change: async (session, { id }, { destinationKind, destinationFunction, ...changes }) => {
    const kind = await kindOf(session, destinationKind, destinationFunction);
    await session.client.call('PATCH', `/transformations/${id}`, { ...changes, ...kind });
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

async function kindOf(
  session: Session,
  slug: JsonObject[string],
  name: JsonObject[string],
): Promise<JsonObject> {
  if (typeof name === 'string') return { destinationMetadataId: functionOf(session, name).kindId };
  if (typeof slug !== 'string') return {};
  const found = [...(await destinationSlugs(session.client))].find((entry) => entry[1] === slug);
  return { destinationMetadataId: found?.[0] ?? slug };
}

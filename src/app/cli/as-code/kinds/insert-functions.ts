import type { JsonObject } from '../../../../core/json.ts';
import type { Kind, Present, Session } from '../kind.ts';
import { functionOf, idOf, objectAt, pick, readAll, textAt } from '../session.ts';

const path = '/insert-function-instances';

/** Insert functions where they stand: in front of a source or a destination. */
export const insertFunctions: Kind = {
  name: 'insertFunctions',
  title: 'insert function',
  key: (item) =>
    `${textAt(item, 'destination') || textAt(item, 'source')}: ${textAt(item, 'name')}`,
  fixed: ['function', 'source', 'destination'],
  needs: ['destinations'],
  fromFile: (item, { complain }) => {
    if ((item['source'] === undefined) === (item['destination'] === undefined)) {
      complain('must have one of source and destination');
    }
    return item;
  },
  read: async (session) => {
    const found: Present[] = [];
    for (const [name, { id, isInserted }] of session.functions) {
      const list = `${path}?functionId=${encodeURIComponent(id)}`;
      const all = isInserted ? await readAll(session.client, list, 'instances') : [];
      found.push(...all.map((instance) => presentOf(session, name, instance)));
    }
    return found;
  },
  make: async (session, item) => {
    const { source, destination } = item;
    const integrationId =
      source === undefined
        ? idOf(session, 'destinations', String(destination))
        : idOf(session, 'sources', String(source));
    const { insertFunctionInstance } = await session.client.call('POST', path, {
      settings: {},
      ...pick(item, 'name', 'enabled', 'settings'),
      ...{ integrationId, functionId: functionOf(session, textAt(item, 'function')).id },
    });
    return textAt(objectAt({ insertFunctionInstance }, 'insertFunctionInstance'), 'id');
  },
  change: async ({ client }, { id }, changes) => {
    await client.call('PATCH', `${path}/${id}`, {
      settings: {},
      ...pick(changes, 'name', 'enabled', 'settings'),
    });
  },
  remove: async ({ client }, { id }) => {
    await client.call('DELETE', `${path}/${id}`);
  },
};

function presentOf(session: Session, name: string, instance: JsonObject): Present {
  const secret = objectAt(instance, 'encryptedSettings');
  return {
    id: textAt(instance, 'id'),
    item: {
      ...placeOf(session, textAt(instance, 'integrationId')),
      function: name,
      ...pick(instance, 'name', 'enabled'),
      settings: { ...objectAt(instance, 'settings'), ...secret },
    },
    options: { secrets: new Set(Object.keys(secret)), defaults: {} },
  };
}

function placeOf({ ids }: Session, id: string): JsonObject {
  for (const [key, known] of ids) {
    if (known !== id) continue;
    if (key.startsWith('sources/')) return { source: key.slice('sources/'.length) };
    if (key.startsWith('destinations/')) return { destination: key.slice('destinations/'.length) };
  }
  return { destination: id };
}

import { mappingHooks } from '../../../../core/actions-destination.ts';
import { isJsonObject, type JsonObject } from '../../../../core/json.ts';
import type { Kind, Present, Session } from '../kind.ts';
import {
  idOf,
  keyOf,
  kindWords,
  metadataIdOf,
  objectAt,
  objects,
  oneOfKinds,
  optionsOf,
  pick,
  readAll,
  textAt,
} from '../session.ts';
import { type Inside, putInside } from './inside.ts';

export const destinations: Kind = {
  name: 'destinations',
  title: 'destination',
  key: (item) => `${textAt(item, 'source')}/${textAt(item, 'name')}`,
  fixed: ['kind', 'function'],
  fromFile: oneOfKinds,
  unordered: ['filters', 'subscriptions'],
  partial: ['limits'],
  read: async (session, wanted) => {
    const asked = new Map(wanted?.map((item) => [destinations.key(item), item]));
    const found: Present[] = [];
    for (const destination of await readAll(session.client, '/destinations', 'destinations')) {
      const metadata = objectAt(destination, 'metadata');
      const id = textAt(destination, 'id');
      const item = {
        source: keyOf(session, 'sources', textAt(destination, 'sourceId')),
        name: textAt(destination, 'name') || textAt(metadata, 'slug'),
        ...kindWords(session, metadata),
        ...pick(destination, 'enabled', 'settings'),
      };
      const given = asked.get(destinations.key(item));
      const reads = (part: string) => wanted === undefined || given?.[part] !== undefined;
      found.push({
        id,
        item: {
          ...item,
          ...(reads('filters') && {
            filters: (await filters.read(session, id)).map(({ item }) => item),
          }),
          ...(reads('subscriptions') && {
            subscriptions: (await subscriptions.read(session, id)).map(({ item }) =>
              withoutOutputs(item, objects(given?.['subscriptions'])),
            ),
          }),
          ...(reads('limits') && (await limitsOf(session, id, given !== undefined))),
        },
        options: optionsOf(metadata),
      });
    }
    return found;
  },
  make: async (session, item) => {
    const { destination } = await session.client.call('POST', '/destinations', {
      ...pick(item, 'name', 'enabled', 'settings'),
      sourceId: idOf(session, 'sources', textAt(item, 'source')),
      metadataId: metadataIdOf(session, item),
    });
    const id = textAt(objectAt({ destination }, 'destination'), 'id');
    await furnish(session, id, item);
    return id;
  },
  change: async (session, { id }, changes) => {
    const body = pick(changes, 'name', 'enabled', 'settings');
    if (Object.keys(body).length > 0) {
      await session.client.call('PATCH', `/destinations/${id}`, body);
    }
    await furnish(session, id, changes);
  },
  remove: async ({ client }, { id }) => {
    await client.call('DELETE', `/destinations/${id}`);
  },
};

async function furnish(session: Session, id: string, item: JsonObject): Promise<void> {
  if (item['filters'] !== undefined) {
    await putInside(session, id, filters, objects(item['filters']));
  }
  if (item['subscriptions'] !== undefined) {
    await putInside(session, id, subscriptions, objects(item['subscriptions']));
  }
  if (item['limits'] !== undefined) {
    await session.client.call('PATCH', `/destinations/${id}/limits`, objectAt(item, 'limits'));
  }
}

/** An export has those that are set. */
async function limitsOf({ client }: Session, id: string, all: boolean): Promise<JsonObject> {
  const limits = objectAt(await client.call('GET', `/destinations/${id}/limits`), 'limits');
  const isSet = Object.values(limits).some((value) => value !== null);
  return all || isSet ? { limits } : {};
}

/** What came of a hook is not wanted otherwise where a file does not speak of it. */
function withoutOutputs(present: JsonObject, wanted: readonly JsonObject[]): JsonObject {
  const same = wanted.find(({ name }) => name === present['name']);
  if (same === undefined) return present;
  const settings = Object.entries(objectAt(present, 'settings')).map(([name, value]) => {
    const isHook = mappingHooks.some((hook) => hook === name) && isJsonObject(value);
    const named = objectAt(objectAt(same, 'settings'), name);
    if (!isHook || named['outputs'] !== undefined) return [name, value] as const;
    const { outputs: _, ...kept } = value;
    return [name, kept] as const;
  });
  return { ...present, settings: Object.fromEntries(settings) };
}

const filters: Inside = {
  key: (item) => textAt(item, 'title'),
  read: async ({ client }, id) =>
    (await readAll(client, `/destination/${id}/filters`, 'filters')).map((filter) => ({
      id: textAt(filter, 'id'),
      item: pick(filter, 'title', 'description', 'if', 'actions', 'enabled'),
    })),
  make: async ({ client }, id, item) => {
    const { destination } = await client.call('GET', `/destinations/${id}`);
    const { sourceId } = objectAt({ destination }, 'destination');
    await client.call('POST', `/destination/${id}/filters`, { ...item, sourceId });
  },
  change: async ({ client }, id, inner, item) => {
    const { description = null, ...rest } = item;
    const path = `/destination/${id}/filters/${inner}`;
    await client.call('PATCH', path, { ...rest, description });
  },
  remove: async ({ client }, id, inner) => {
    await client.call('DELETE', `/destination/${id}/filters/${inner}`);
  },
};

const subscriptions: Inside = {
  key: (item) => textAt(item, 'name'),
  read: async ({ client }, id) =>
    (await readAll(client, `/destinations/${id}/subscriptions`, 'subscriptions')).map((one) => ({
      id: textAt(one, 'id'),
      item: { ...pick(one, 'name', 'trigger', 'enabled', 'settings'), action: one['actionSlug'] },
    })),
  make: async ({ client }, id, { action, ...rest }) => {
    const { destination } = await client.call('GET', `/destinations/${id}`);
    const { actions } = objectAt(objectAt({ destination }, 'destination'), 'metadata');
    const actionId = objects(actions).find(({ slug }) => slug === action)?.['id'] ?? action;
    await client.call('POST', `/destinations/${id}/subscriptions`, { ...rest, actionId });
  },
  change: async (session, id, inner, item, before) => {
    const { action, ...input } = item;
    if (action === before['action']) {
      const path = `/destinations/${id}/subscriptions/${inner}`;
      await session.client.call('PATCH', path, { input });
      return;
    }
    await subscriptions.remove(session, id, inner);
    await subscriptions.make(session, id, item);
  },
  remove: async ({ client }, id, inner) => {
    await client.call('DELETE', `/destinations/${id}/subscriptions/${inner}`);
  },
};

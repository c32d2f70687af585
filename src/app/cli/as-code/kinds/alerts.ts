import type { JsonObject } from '../../../../core/json.ts';
import type { Kind, Session } from '../kind.ts';
import { idOf, keyOf, objectAt, pick, readAll, textAt } from '../session.ts';

const own = ['name', 'metric', 'below', 'above', 'windowMinutes', 'webhookUrl', 'enabled'] as const;

export const alerts: Kind = {
  name: 'alerts',
  title: 'alert',
  key: (item) => textAt(item, 'name'),
  fixed: ['metric', 'source', 'destination'],
  needs: ['destinations'],
  read: async (session) => {
    const all = await readAll(session.client, '/alerts', 'alerts');
    return all.map((alert) => ({ id: textAt(alert, 'id'), item: itemOf(session, alert) }));
  },
  make: async (session, item) => {
    const { source, destination } = item;
    const { alert } = await session.client.call('POST', '/alerts', {
      ...pick(item, ...own),
      ...(source !== undefined && { sourceId: idOf(session, 'sources', String(source)) }),
      ...(destination !== undefined && {
        destinationId: idOf(session, 'destinations', String(destination)),
      }),
    });
    return textAt(objectAt({ alert }, 'alert'), 'id');
  },
  change: async ({ client }, { id }, changes) => {
    await client.call('PATCH', `/alerts/${id}`, changes);
  },
  remove: async ({ client }, { id }) => {
    await client.call('DELETE', `/alerts/${id}`);
  },
};

/** In the words of the files: without what is not set, and what is watched by its name. */
function itemOf(session: Session, alert: JsonObject): JsonObject {
  const { sourceId, destinationId } = alert;
  const set = Object.entries(pick(alert, ...own)).filter(([, value]) => value !== null);
  return {
    ...Object.fromEntries(set),
    ...(typeof sourceId === 'string' && { source: keyOf(session, 'sources', sourceId) }),
    ...(typeof destinationId === 'string' && {
      destination: keyOf(session, 'destinations', destinationId),
    }),
  };
}

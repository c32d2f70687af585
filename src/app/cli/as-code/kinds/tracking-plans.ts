import type { JsonObject } from '../../../../core/json.ts';
import type { Kind, Present, Session } from '../kind.ts';
import { idOf, missing, objectAt, pick, readAll, textAt, texts } from '../session.ts';

export const trackingPlans: Kind = {
  name: 'trackingPlans',
  title: 'tracking plan',
  key: (item) => textAt(item, 'name'),
  fixed: ['type'],
  unordered: ['sources'],
  read: async ({ client }, wanted) => {
    const names = new Set(wanted?.map(trackingPlans.key));
    const found: Present[] = [];
    for (const plan of await readAll(client, '/tracking-plans', 'trackingPlans')) {
      const id = textAt(plan, 'id');
      const item = pick(plan, 'name', 'type', 'description');
      const reads = wanted === undefined || names.has(trackingPlans.key(item));
      found.push({
        id,
        item: reads ? { ...item, ...(await insideOf(client, id)) } : item,
      });
    }
    return found;
  },
  make: async (session, item) => {
    const { trackingPlan } = await session.client.call('POST', '/tracking-plans', {
      type: 'LIVE',
      ...pick(item, 'name', 'type', 'description'),
    });
    const id = textAt(objectAt({ trackingPlan }, 'trackingPlan'), 'id');
    await fill(session, id, item);
    return id;
  },
  change: async (session, { id }, changes) => {
    const body = pick(changes, 'description');
    if (Object.keys(body).length > 0) {
      await session.client.call('PATCH', `/tracking-plans/${id}`, body);
    }
    await fill(session, id, changes);
  },
  remove: async ({ client }, { id }) => {
    await client.call('DELETE', `/tracking-plans/${id}`);
  },
};

async function insideOf(client: Session['client'], id: string): Promise<JsonObject> {
  const rules = await readAll(client, `/tracking-plans/${id}/rules`, 'rules');
  return {
    rules: rules.map((rule) => pick(rule, 'type', 'key', 'version', 'jsonSchema')),
    sources: await connected(client, id),
  };
}

async function connected(client: Session['client'], id: string): Promise<string[]> {
  const sources = await readAll(client, `/tracking-plans/${id}/sources`, 'sources');
  return sources.map((source) => textAt(source, 'slug'));
}

async function fill(session: Session, id: string, item: JsonObject): Promise<void> {
  const { client } = session;
  const path = `/tracking-plans/${id}`;
  const { rules, sources } = item;
  if (rules !== undefined) await client.call('PUT', `${path}/rules`, { rules });
  if (sources === undefined) return;
  const wanted = texts(sources);
  const present = await connected(client, id);
  for (const slug of missing(present, wanted)) {
    const sourceId = encodeURIComponent(idOf(session, 'sources', slug));
    await client.call('DELETE', `${path}/sources?sourceId=${sourceId}`);
  }
  for (const slug of missing(wanted, present)) {
    await client.call('POST', `${path}/sources`, { sourceId: idOf(session, 'sources', slug) });
  }
}

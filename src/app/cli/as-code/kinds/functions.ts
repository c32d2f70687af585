import type { JsonObject } from '../../../../core/json.ts';
import { codeFromFile, codeToFile, type FunctionCode } from '../function-code.ts';
import type { Kind, Session } from '../kind.ts';
import { objectAt, objects, pick, readAll, textAt } from '../session.ts';

const own = ['description', 'logoUrl', 'settings'] as const;

/** Users' code: `code` is what runs and what is saved, from files or inline (`function-code.ts`). */
export const functions: Kind = {
  name: 'functions',
  title: 'function',
  key: (item) => textAt(item, 'name'),
  fixed: ['type'],
  exact: ['code', 'settings'],
  fromFile: (item, place) => ({
    ...codeFromFile(item, place),
    ...(item['settings'] !== undefined && { settings: objects(item['settings']).map(complete) }),
  }),
  toFile: codeToFile,
  read: async (session, wanted) => {
    const { client } = session;
    const all = await readAll(client, '/functions', 'functions');
    const suffix = all.length === 0 ? '' : ` (${await workspaceName(client)})`;
    const asked = new Set(wanted?.map(functions.key));
    const found = all.map(async (made) => {
      const id = textAt(made, 'id');
      const shown = textAt(made, 'displayName');
      const type = textAt(made, 'resourceType');
      // As people see it, a destination function bears the name of the workspace.
      const isSuffixed = type === 'DESTINATION' && shown.endsWith(suffix);
      const name = isSuffixed ? shown.slice(0, -suffix.length) : shown;
      remember(session, name, made);
      const item = { name, type, ...pick(made, 'description', 'logoUrl') };
      if (wanted !== undefined && !asked.has(name)) return { id, item };
      const whole = objectAt(await client.call('GET', `/functions/${id}`), 'function');
      const code = await codeOf(client, whole);
      return { id, item: { ...item, code, ...pick(whole, 'settings') } };
    });
    return Promise.all(found);
  },
  make: async (session, item) => {
    const { latest, deployed } = codeIn(item);
    const made = await session.client.call('POST', '/functions', {
      ...pick(item, ...own),
      displayName: textAt(item, 'name'),
      resourceType: textAt(item, 'type'),
      code: deployed ?? latest ?? '',
    });
    const whole = objectAt(made, 'function');
    remember(session, textAt(item, 'name'), whole);
    const id = textAt(whole, 'id');
    if (deployed !== undefined) await session.client.call('POST', `/functions/${id}/deploy`);
    if (deployed !== undefined && latest !== undefined) await save(session, id, latest);
    return id;
  },
  change: async (session, { id, item }, changes) => {
    const body = pick(changes, ...own);
    if (Object.keys(body).length > 0) await session.client.call('PATCH', `/functions/${id}`, body);
    const { latest, deployed } = codeIn(changes);
    if (deployed !== undefined && deployed !== codeIn(item).deployed) {
      await save(session, id, deployed);
      await session.client.call('POST', `/functions/${id}/deploy`);
    }
    if (latest !== undefined) await save(session, id, latest);
  },
  remove: async ({ client }, { id }) => {
    await client.call('DELETE', `/functions/${id}`);
  },
};

/** What sources, destinations and instances have to know of it. */
function remember({ functions: known }: Session, name: string, made: JsonObject): void {
  const isInserted = textAt(made, 'resourceType').startsWith('INSERT_');
  known.set(name, { id: textAt(made, 'id'), kindId: textAt(made, 'catalogId'), isInserted });
}

async function save({ client }: Session, id: string, code: string): Promise<void> {
  await client.call('PATCH', `/functions/${id}`, { code });
}

async function workspaceName(client: Session['client']): Promise<string> {
  return textAt(objectAt(await client.call('GET', '/'), 'workspace'), 'name');
}

async function codeOf(client: Session['client'], whole: JsonObject): Promise<JsonObject> {
  const latest = textAt(whole, 'code');
  if (whole['isLatestVersion'] === true) return { latest, deployed: latest };
  if (typeof whole['deployedAt'] !== 'string') return { latest };
  const versions = await readAll(client, `/functions/${textAt(whole, 'id')}/versions`, 'versions');
  const deployed = versions.find(({ isDeployed }) => isDeployed === true);
  return { latest, ...(deployed !== undefined && { deployed: textAt(deployed, 'code') }) };
}

function codeIn(item: JsonObject): FunctionCode {
  const { latest, deployed } = objectAt(item, 'code');
  return {
    ...(typeof latest === 'string' && { latest }),
    ...(typeof deployed === 'string' && { deployed }),
  };
}

/** A setting as the API has it, with what the file leaves out. */
function complete(setting: JsonObject): JsonObject {
  const { name = '', label = name, description = '', type = 'STRING' } = setting;
  const { required = false, sensitive = false } = setting;
  return { name, label, description, type, required, sensitive };
}

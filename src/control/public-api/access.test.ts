import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import type { Area } from '../access/area.ts';
import type { Grant } from '../access/grant.ts';
import { roles } from '../access/roles.ts';
import { type ControlRig, controlRig, everyOption } from '../testing/control-rig.ts';
import { leastRequest } from '../testing/least-request.ts';
import { logRig } from '../testing/log-rig.ts';
import type { Operation } from './frame/operation.ts';
import { resourceKinds } from './frame/resource-kinds.ts';
import { operations } from './operations.ts';

/** Which part of a role every group of operations is about; of ours and of usage, the path says. */
const areas: Readonly<Record<string, Area>> = {
  Workspaces: 'workspace',
  Testing: 'workspace',
  Catalog: 'workspace',
  Labels: 'workspace',
  'IAM Roles': 'workspace',
  Sources: 'source',
  Destinations: 'source',
  'Destination Filters': 'source',
  'Delivery Overview': 'source',
  Events: 'source',
  'Tracking Plans': 'tracking-plan',
  Transformations: 'tracking-plan',
  Functions: 'function',
  Warehouses: 'warehouse',
  'Selective Sync': 'warehouse',
  'Reverse ETL': 'entity',
  Spaces: 'space',
  'Space Filters': 'space',
  Audiences: 'space',
  Activations: 'space',
  'Computed Traits': 'space',
  'Profiles Sync': 'space',
  'Deletion and Suppression': 'privacy',
  'IAM Users': 'access',
  'IAM Groups': 'access',
  'Audit Trail': 'access',
};
const areasOfPaths: readonly (readonly [RegExp, Area])[] = [
  [/^\/(sources|destinations|replays|discards|oauth)\b/, 'source'],
  [/^\/usage\/.*\bsources\b/, 'source'],
  [/^\/usage\//, 'workspace'],
  [/^\/(tokens|users)\b/, 'access'],
  [/^\/(alerts|catalog)\b/, 'workspace'],
  [/^\/warehouses\b/, 'warehouse'],
  [/^\/functions\b/, 'function'],
];

function areaOf({ tag, path, operationId }: Operation): Area {
  const area = areas[tag] ?? areasOfPaths.find(([pattern]) => pattern.test(path))?.[1];
  assert(area !== undefined, `${operationId}: the test has to know which part of a role it needs`);
  return area;
}

/** Reads that are no GET: they answer with what they are sent. */
const asking = ['previewDestinationFilter', 'queryWarehouse'];

function levelOf(operation: Operation): 'read' | 'admin' {
  const { method, permission, operationId } = operation;
  if (areaOf(operation) === 'access') assert.equal(permission, 'admin', operationId);
  if (method !== 'GET' && !asking.includes(operationId)) {
    assert.notEqual(permission, 'read', operationId);
  }
  return permission === 'read' ? 'read' : 'admin';
}

function roleId(name: string): string {
  const role = roles.find((candidate) => candidate.name === name);
  assert(role !== undefined, name);
  return role.id;
}

const offered = operations.filter(({ kind }) => kind !== 'absent');

/** A token with these roles, whatever they name: its permission limits nothing. */
async function tokenWith(rig: ControlRig, grants: readonly Grant[]): Promise<string> {
  const made = await rig.call('POST', '/tokens', { body: { name: 'x', permission: 'admin' } });
  await rig.store.db
    .updateTable('token')
    .set({ permissions: JSON.stringify(grants) })
    .where('id', '=', String(made.at('data.token.id')))
    .execute();
  return String(made.at('data.secret'));
}

/** Whether the operation refuses the token for its own sake: 403 for another resource that it names does not count. */
async function refuses(
  rig: ControlRig,
  operation: Operation,
  token: string,
  ids: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const { path, body } = leastRequest(operation, ids);
  const answer = await rig.call(operation.method, path, { token, ...(body && { body }) });
  const { operationId } = operation;
  const said = JSON.stringify(answer.body);
  assert(answer.status < 500, `${operationId}: ${said}`);
  assert.notEqual(answer.status, 401, operationId);
  const own = `"${areaOf(operation)}: ${levelOf(operation)}"`;
  return answer.status === 403 && said.includes(JSON.stringify(own).slice(1, -1));
}

describe('a role on the workspace', () => {
  let rig: ControlRig;
  const tokens = new Map<string, string>();
  before(async () => {
    rig = await controlRig({ logs: (await logRig(new ManualClock())).logs });
    const id = String((await rig.call('GET', '/')).at('data.workspace.id'));
    for (const role of roles) {
      const resources = [{ id, type: 'WORKSPACE' }] as const;
      tokens.set(role.name, await tokenWith(rig, [{ roleId: role.id, resources }]));
    }
    tokens.set('no role', await tokenWith(rig, []));
  });
  after(() => rig.close());

  for (const operation of offered) {
    const area = areaOf(operation);
    const level = levelOf(operation);

    it(`allows ${operation.operationId} with "${area}: ${level}", and with nothing less`, async () => {
      const allowed: string[] = [];
      for (const [name, token] of tokens) {
        if (!(await refuses(rig, operation, token))) allowed.push(name);
      }
      const wanted = roles.filter(({ areas: { [area]: held } }) =>
        level === 'read' ? held !== undefined : held === 'admin',
      );
      assert.deepEqual(
        allowed,
        wanted.map(({ name }) => name),
      );
    });
  }
});

const rolesOf = {
  source: ['Source Admin', 'Source Read-only'],
  warehouse: ['Warehouse Destination Admin', 'Warehouse Destination Read-only'],
  function: ['Function Admin', 'Function Read-only'],
  space: ['Unify and Engage Admin', 'Unify and Engage Read-only'],
} as const;

/** The parameter of an operation that names its resource. */
function resourceOf({ on }: Operation) {
  if (typeof on === 'string') return undefined;
  const [[kind, parameter] = []] = Object.entries(on);
  const found = resourceKinds.find(({ name }) => name === kind);
  assert(found !== undefined && parameter !== undefined);
  return { ...found, parameter };
}

describe('a role on some resources', () => {
  let rig: ControlRig;
  let workspaceId: string;
  before(async () => {
    rig = await controlRig({ logs: (await logRig(new ManualClock())).logs });
    workspaceId = String((await rig.call('GET', '/')).at('data.workspace.id'));
    await rig.call('POST', '/labels', { body: { label: { key: 'team', value: 'a' } } });
  });
  after(() => rig.close());

  /** Two sources, each with a destination and a replay, the first with a label, and two functions: whatever was done to them. */
  async function restore(): Promise<void> {
    const { db } = rig.store;
    for (const [position, name] of [
      [1_000_001, 'own'],
      [1_000_002, 'other'],
    ] as const) {
      const source_id = `source-${name}`;
      const destination_id = `destination-${name}`;
      const made = { position, created_at: 0 };
      const source = { id: source_id, workspace_id: workspaceId, slug: name, name };
      await db
        .insertInto('source')
        .values({
          ...made,
          ...source,
          enabled: 1,
          metadata_id: 'iUM16Md8P2',
          settings: '{}',
          limits: '{}',
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      const destination = { id: destination_id, source_id, metadata_id: everyOption.id, name };
      await db
        .insertInto('destination')
        .values({ ...made, ...destination, enabled: 1, settings: '{}', since: 0 })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      const replay = { id: `replay-${name}`, destination_id, from_time: 0, to_time: 1 };
      await db
        .insertInto('replay')
        .values({ ...made, ...replay, ended_at: 1, cancelled: 0 })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    }
    await restoreFunctions();
    await restoreSpaces();
    await db
      .insertInto('source_label')
      .values({ source_id: 'source-own', key: 'team', value: 'a' })
      .onConflict((conflict) => conflict.columns(['source_id', 'key']).doUpdateSet({ value: 'a' }))
      .execute();
  }

  async function restoreSpaces(): Promise<void> {
    const { db } = rig.store;
    for (const name of ['own', 'other']) {
      const space_id = `space-${name}`;
      await db
        .insertInto('space')
        .values({ id: space_id, workspace_id: workspaceId, slug: name, name, created_at: 0 })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      const filter = { id: `spaceFilter-${name}`, space_id, name, condition: 'all' };
      await db
        .insertInto('space_filter')
        .values({
          ...filter,
          ...{ position: 1, description: null, enabled: 0, drops: 0 },
          ...{ created_at: 0, updated_at: 0 },
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    }
  }

  async function restoreFunctions(): Promise<void> {
    const { db } = rig.store;
    for (const name of ['own', 'other']) {
      const function_id = `function-${name}`;
      const made = { position: 1, created_at: 0, updated_at: 0 };
      const described = { resource_type: 'INSERT_SOURCE', display_name: name, created_by: 'x' };
      const nothing = { description: null, logo_url: null };
      await db
        .insertInto('user_function')
        .values({
          ...made,
          ...described,
          ...nothing,
          id: function_id,
          workspace_id: workspaceId,
          settings: '[]',
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      const version = { id: `version-${name}`, function_id, author: 'x', code: '' };
      await db
        .insertInto('function_version')
        .values({ ...made, ...version, deployed: 0, deployed_at: null })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
      const instance = { id: `instance-${name}`, function_id, name, destination_id: null };
      await db
        .insertInto('function_instance')
        .values({ ...made, ...instance, source_id: `source-${name}`, enabled: 0, settings: '{}' })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    }
  }

  const cases = offered.flatMap((operation) => {
    const resource = resourceOf(operation);
    return resource === undefined ? [] : [{ operation, resource }];
  });

  for (const { operation, resource } of cases) {
    const { name, area, type, parameter } = resource;
    const [admin, reader] = rolesOf[area];
    const owner = type.toLowerCase();

    it(`allows ${operation.operationId} on the ${name} that it is given on, and on no other`, async () => {
      const level = levelOf(operation);
      const own = { id: `${owner}-own`, type };
      const labels = [{ key: 'team', value: 'a' }];
      const labelled = { id: workspaceId, type: 'WORKSPACE' as const, labels };
      const byLabel = type === 'SOURCE' ? [[admin, labelled, true] as const] : [];
      for (const [roleName, granted, isAdmin] of [
        [admin, own, true] as const,
        [reader, own, false] as const,
        ...byLabel,
      ]) {
        const token = await tokenWith(rig, [{ roleId: roleId(roleName), resources: [granted] }]);
        await restore();
        // A stream that begins does not end by itself.
        if (operation.kind !== 'stream') {
          const there = await refuses(rig, operation, token, { [parameter]: `${name}-own` });
          assert.equal(there, !isAdmin && level === 'admin', `${roleName} on its own`);
        }
        await restore();
        const elsewhere = await refuses(rig, operation, token, { [parameter]: `${name}-other` });
        assert.equal(elsewhere, true, `${roleName} on another`);
      }
    });
  }

  for (const operation of offered) {
    const { method, params, operationId, kind } = operation;
    if (method !== 'GET' || params !== undefined || kind === 'stream') continue;

    it(`shows nothing of other sources in ${operationId}`, async () => {
      await restore();
      const resources = [{ id: 'source-own', type: 'SOURCE' as const }];
      const token = await tokenWith(rig, [{ roleId: roleId('Source Read-only'), resources }]);
      const { path } = leastRequest(operation);
      const answer = await rig.call('GET', path, { token });
      assert(
        !/(source|destination|replay|function|instance)-other/.test(JSON.stringify(answer.body)),
      );
    });
  }

  it('shows what it is given on in the lists', async () => {
    await restore();
    const resources = [{ id: 'source-own', type: 'SOURCE' as const }];
    const token = await tokenWith(rig, [{ roleId: roleId('Source Read-only'), resources }]);
    const sources = await rig.call('GET', '/sources', { token });
    assert.equal(sources.at('data.sources.0.id'), 'source-own');
    const destinations = await rig.call('GET', '/destinations', { token });
    assert.equal(destinations.at('data.destinations.0.id'), 'destination-own');
    const space = { id: 'none', type: 'SPACE' as const };
    const grant = { roleId: roleId('Unify and Engage Admin'), resources: [space] };
    const spaces = await rig.call('GET', '/spaces', { token: await tokenWith(rig, [grant]) });
    assert.deepEqual(spaces.at('data.spaces'), []);
  });
});

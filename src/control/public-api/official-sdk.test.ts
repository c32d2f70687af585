import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import sdk from '@segment/public-api-sdk-typescript';
import { adminToken, type ControlRig, controlRig, everyOption } from '../testing/control-rig.ts';

const javascript = 'IqDTy1TpoU';

/** The keys of Segment's models, as its clients require them: no other key is ever sent. */
const keys = {
  source: 'enabled id labels metadata name settings slug workspaceId writeKeys',
  sourceMetadata: 'categories description id isCloudEventSource logos name options slug status',
  destination: 'enabled id metadata name settings sourceId',
  destinationMetadata:
    'actions categories components description id logos name options presets previousNames slug status supportedFeatures supportedMethods supportedPlatforms website',
  pagination: 'current next previous totalEntries',
};

describe('the official TypeScript SDK, unmodified', () => {
  let rig: ControlRig;
  let sources: InstanceType<typeof sdk.SourcesApi>;
  let destinations: InstanceType<typeof sdk.DestinationsApi>;
  let catalog: InstanceType<typeof sdk.CatalogApi>;
  let workspaces: InstanceType<typeof sdk.WorkspacesApi>;
  let testing: InstanceType<typeof sdk.TestingApi>;

  before(async () => {
    rig = await controlRig();
    const address = `${await rig.control.app.listen({ host: '127.0.0.1', port: 0 })}/api`;
    sources = new sdk.SourcesApi(address);
    destinations = new sdk.DestinationsApi(address);
    catalog = new sdk.CatalogApi(address);
    workspaces = new sdk.WorkspacesApi(address);
    testing = new sdk.TestingApi(address);
    for (const api of [sources, destinations, catalog, workspaces, testing]) {
      api.accessToken = adminToken;
    }
  });
  after(() => rig.close());

  it('reads the workspace', async () => {
    const { body } = await workspaces.getWorkspace();
    assert.equal(body.data?.workspace.slug, 'default');
  });

  it('makes, reads, changes, lists and deletes a source', async () => {
    const slug = 'sdk-source';
    const made = await sources.createSource({ slug, enabled: true, metadataId: javascript });
    assert.equal(made.response.statusCode, 201);
    assert.deepEqual(keysOf(raw(made), 'data.source'), keys.source);
    assert.deepEqual(keysOf(raw(made), 'data.source.metadata'), keys.sourceMetadata);
    const source = present(made.body.data).source;
    assert.equal(source.writeKeys.length, 1);
    assert.equal(source.metadata.slug, 'javascript');

    const read = await sources.getSource(source.id);
    assert.deepEqual(keysOf(raw(read), 'data'), 'source trackingPlanId');
    assert.equal(present(read.body.data).trackingPlanId, null);

    const changed = await sources.updateSource(source.id, { name: 'Renamed', enabled: false });
    assert.equal(present(changed.body.data).source.name, 'Renamed');
    assert.equal(present(changed.body.data).source.enabled, false);

    const listed = await sources.listSources({ count: 1 });
    assert.deepEqual(keysOf(raw(listed), 'data.pagination'), keys.pagination);
    const { next } = present(listed.body.data).pagination;
    assert(typeof next === 'string');
    const second = await sources.listSources({ count: 1, cursor: next });
    assert.equal(present(second.body.data).sources[0]?.id, source.id);

    const deleted = await sources.deleteSource(source.id);
    assert.equal(present(deleted.body.data).status, 'SUCCESS');
    await refused(sources.getSource(source.id), 404, 'not-found');
  });

  it('adds a write key and removes one', async () => {
    const made = await sources.createSource({
      slug: 'keys',
      enabled: true,
      metadataId: javascript,
    });
    const source = present(made.body.data).source;
    const added = await sources.createWriteKeyForSource(source.id);
    const writeKeys = present(added.body.data).source.writeKeys;
    assert.equal(writeKeys.length, 2);
    await sources.removeWriteKeyFromSource(source.id, String(writeKeys[0]));
    assert.deepEqual(rig.control.snapshot().sources.find(({ id }) => id === source.id)?.writeKeys, [
      writeKeys[1],
    ]);
    await refused(sources.removeWriteKeyFromSource(source.id, 'no-such-key'), 404, 'not-found');
  });

  it('makes, reads, changes, lists and deletes a destination', async () => {
    const made = await sources.createSource({
      slug: 'with-destination',
      enabled: true,
      metadataId: javascript,
    });
    const sourceId = present(made.body.data).source.id;
    const created = await destinations.createDestination({
      sourceId,
      metadataId: everyOption.id,
      name: 'Mine',
      settings: { hooks: ['https://example.com'], secret: 'a-long-secret-dada' },
    });
    assert.equal(created.response.statusCode, 200);
    assert.deepEqual(keysOf(raw(created), 'data.destination'), keys.destination);
    assert.deepEqual(keysOf(raw(created), 'data.destination.metadata'), keys.destinationMetadata);
    const destination = present(created.body.data).destination;
    assert.deepEqual(destination.settings, {
      hooks: ['https://example.com'],
      secret: '••••••••••••dada',
      region: 'eu',
    });

    const changed = await destinations.updateDestination(destination.id, {
      settings: { secret: '••••••••••••dada', region: 'us' },
    });
    assert.equal(present(changed.body.data).destination.settings['region'], 'us');
    assert.deepEqual(rig.settings(), {
      hooks: ['https://example.com'],
      secret: 'a-long-secret-dada',
      region: 'us',
    });

    const read = await destinations.getDestination(destination.id);
    assert.equal(present(read.body.data).destination.sourceId, sourceId);
    const listed = await destinations.listDestinations({ count: 10 });
    assert.equal(present(listed.body.data).destinations.length, 1);
    const connected = await sources.listConnectedDestinationsFromSource(sourceId, { count: 10 });
    assert.equal(present(connected.body.data).destinations[0]?.id, destination.id);

    await destinations.deleteDestination(destination.id);
    assert.deepEqual(rig.control.snapshot().connections, []);
    await refused(destinations.getDestination(destination.id), 404, 'not-found');
  });

  it('reads the catalogue', async () => {
    const all = await catalog.getSourcesCatalog({ count: 5 });
    assert.equal(present(all.body.data).sourcesCatalog.length, 5);
    const one = await catalog.getSourceMetadata(javascript);
    assert.equal(present(one.body.data).sourceMetadata.name, 'Javascript');
    const kinds = await catalog.getDestinationsCatalog({ count: 5 });
    assert.equal(present(kinds.body.data).destinationsCatalog[0]?.slug, 'every-option');
    const kind = await catalog.getDestinationMetadata(everyOption.id);
    assert.deepEqual(keysOf(raw(kind), 'data.destinationMetadata'), keys.destinationMetadata);
    await refused(catalog.getSourceMetadata('none'), 404, 'not-found');
  });

  it('hears from echo what it asks for', async () => {
    const { body } = await testing.echo('hello');
    assert.equal(body.data?.message, 'hello');
    assert.equal(present(body.data).headers['authorization'], undefined);
    await refused(testing.echo('no', 0, true), 422, 'input-validation');
    await refused(testing.echo('no', 0, true, false, false, 418), 418, 'input-validation');
    await refused(testing.echo('no', 0, false, false, true), 500, 'internal-error');
  });
});

/** What came over the wire, before the SDK drops the keys it does not know. */
function raw(answer: { response: unknown }): unknown {
  const { response } = answer;
  assert(typeof response === 'object' && response !== null && 'body' in response);
  return response.body;
}

function keysOf(value: unknown, path: string): string {
  const found = path.split('.').reduce<unknown>((inner, key) => {
    return typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined;
  }, value);
  assert(typeof found === 'object' && found !== null, `nothing at ${path}`);
  return Object.keys(found).sort().join(' ');
}

function present<T>(value: T | undefined): T {
  assert(value !== undefined);
  return value;
}

async function refused(call: Promise<unknown>, status: number, type: string): Promise<void> {
  await assert.rejects(call, (error: InstanceType<typeof sdk.HttpError>) => {
    // Compiled to ES5, the SDK's HttpError is no instance of its own class.
    assert.deepEqual([error.name, error.statusCode], ['HttpError', status]);
    assert.equal(error.body.errors[0].type, type);
    return true;
  });
}

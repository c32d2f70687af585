import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../src/core/clock.ts';
import type { BatchedEvent } from '../src/core/destination.ts';
import type { Event } from '../src/core/event.ts';
import type { JsonObject } from '../src/core/json.ts';
import { createHttp } from '../src/deliver/http/create-http.ts';
import { libraryDefinitions } from '../src/destinations/library/library-definitions.ts';
import { createLibraryProbe } from '../src/destinations/library/library-probe.ts';
import { startEcho, toEcho } from './library/echo.ts';
import { noTokens } from './library/no-tokens.ts';

/** The library over our HTTP, with an echo in place of every vendor. */
async function stand(t: TestContext) {
  const echo = await startEcho();
  const pool = createHttp({ allowPrivateTargets: true, clock: systemClock });
  t.after(async () => {
    await pool.close();
    await echo.server.close();
  });
  const http = toEcho(pool, echo);
  const probe = createLibraryProbe({ http, clock: systemClock, tokens: noTokens });
  const options = { clock: systemClock, tokens: noTokens, ownConnections: new Set<string>() };
  const definitions = await libraryDefinitions(options);
  const context = { http, signal: new AbortController().signal, now: () => 0 };
  return { echo, probe, definitions, context };
}

const time = '2026-11-21T00:00:00.000Z';

function membership(id: string, key: string, personas: JsonObject = {}): Event {
  const dates = { timestamp: time, originalTimestamp: time, receivedAt: time };
  return {
    ...{ type: 'track', messageId: id, userId: id, event: 'Entered', integrations: {}, ...dates },
    properties: { id, name: 'N', [key]: true },
    context: { personas: { computation_class: 'audience', computation_key: key, ...personas } },
  };
}

test('a hook of Braze makes a catalogue when its mapping is saved, and items go into it', async (t) => {
  const { echo, probe, definitions, context } = await stand(t);
  const settings = { endpoint: 'https://rest.iad-01.braze.com', api_key: 'k', app_id: 'a' };
  const inputs = {
    ...{ operation: 'create', created_catalog_name: 'wines' },
    columns: [{ name: 'name', type: 'string' }],
  };
  const mapping = {
    ...{ __segment_internal_sync_mode: 'upsert', enable_batching: false },
    item: { name: { '@path': '$.properties.name' } },
    item_id: { '@path': '$.properties.id' },
  };
  const kind = { id: 'd', slug: 'actions-braze-cloud', settings };
  const call = { action: 'upsertCatalogItem', hook: 'onMappingSave', mapping } as const;
  const answer = await probe.runHook?.(kind, { ...call, inputs });
  assert.deepEqual(answer, { state: 'done', outputs: { catalog_name: 'wines' } });
  const [made] = echo.requests;
  assert.deepEqual([made?.method, made?.host], ['POST', 'rest.iad-01.braze.com']);
  assert.match(made?.body ?? '', /"name":"wines"/);

  const braze = definitions.find(({ slug }) => slug === 'actions-braze-cloud');
  assert(braze !== undefined);
  const hooked = { ...mapping, onMappingSave: { inputs, outputs: { catalog_name: 'wines' } } };
  const subscription = { ...{ id: 's', name: 'S', action: call.action }, mapping: hooked };
  const lanes = braze.lanes(settings, {
    connection: 'd',
    subscriptions: [{ ...subscription, trigger: 'type = "track"' }],
  });
  assert(lanes.ok && lanes.lanes[0] !== undefined);
  const event = membership('w1', 'k');
  const given = { ...context, text: JSON.stringify(event), options: {}, attempt: 1 };
  assert.equal((await lanes.lanes[0].send(event, given)).kind, 'delivered');
  assert.equal(echo.requests.at(-1)?.path, '/catalogs/wines/items/w1');

  // What is missing is said, without a word to the vendor; so is a hook that there is not.
  const asked = echo.requests.length;
  const missing = await probe.runHook?.(kind, { ...call, inputs: { selected_catalog_name: 'x' } });
  assert(missing?.state === 'failed' && /operation/i.test(missing.message), String(missing));
  const other = { ...call, action: 'trackEvent', inputs };
  assert.deepEqual(await probe.runHook?.(kind, other), { state: 'unsupported' });
  assert.equal(echo.requests.length, asked);
});

test('an input of a hook has the choices that the vendor offers', async (t) => {
  const { echo, probe } = await stand(t);
  const kind = {
    ...{ id: 'd', slug: 'actions-braze-cloud' },
    settings: { endpoint: 'https://rest.iad-01.braze.com', api_key: 'k', app_id: 'a' },
  };
  const key = 'onMappingSave.selected_catalog_name';
  await probe.choices(kind, { action: 'upsertCatalogItem', key }, {});
  assert.deepEqual(
    echo.requests.map(({ method, path }) => `${method} ${path}`),
    ['GET /catalogs'],
  );
});

test('events of different audiences do not share a batch, and each batch has the id and the settings of its own', async (t) => {
  const { echo, definitions, context } = await stand(t);
  const kind = definitions.find(({ slug }) => slug === 'actions-webhook-audiences');
  assert(kind !== undefined);
  const data = { at: { '@path': '$.context.personas.external_audience_id' } };
  const mapping = { url: 'https://vendor.test/m', method: 'POST', data, batch_size: 10 };
  const audience = (key: string) => ({
    ...{ id: `a-${key}`, spaceId: 'space', key, externalId: `ext-${key}` },
    settings: { extras: `{"of":"${key}"}` },
  });
  const made = kind.lanes(
    {},
    {
      connection: 'd',
      subscriptions: [{ id: 's', name: 'S', action: 'send', trigger: 'type = "track"', mapping }],
      audiences: [audience('one'), audience('two')],
    },
  );
  assert(made.ok);
  const { batches } = made.lanes[0] ?? {};
  assert(batches !== undefined);
  // What an event says itself gives way, but for a space that is not the audience's.
  const own = membership('u1', 'one', { external_audience_id: 'else' });
  const foreign = membership('u4', 'one', { space_id: 'other', external_audience_id: 'theirs' });
  const events = [own, membership('u2', 'two'), membership('u3', 'one'), foreign];
  const frozen = events.map((event) => Object.freeze(event));
  const groups = Map.groupBy(frozen, (event) => batches.groupOf(event)?.key ?? '');
  assert.equal(groups.size, 3);
  for (const group of groups.values()) {
    const batch: BatchedEvent[] = group.map((event) => ({ event, text: '' }));
    await batches.sendBatch(batch, context);
  }
  assert.deepEqual(
    echo.requests.map(({ body }) => JSON.parse(body)),
    [
      [
        { at: 'ext-one', of: 'one' },
        { at: 'ext-one', of: 'one' },
      ],
      [{ at: 'ext-two', of: 'two' }],
      [{ at: 'theirs' }],
    ],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validatingProxy } from '../../src/control/testing/validating-proxy.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { valueAt } from '../rig/api.ts';
import { testToken } from '../rig/server.ts';
import { startStand } from './stand.ts';

/**
 * The provider itself cannot be had from a module proxy that lacks it (docs/guides/terraform.md), so these are its
 * requests, in its order and media type: what it makes of a resource, how it refreshes, changes and destroys it.
 */
test('what the Terraform provider asks for a source, a destination and a tracking plan is made, refreshed without a difference, changed and destroyed', async (t) => {
  const { server } = await startStand(t);
  const proxy = await validatingProxy(`${server.url}/api`);
  t.after(proxy.close);
  const ask = provider(proxy.address);

  // apply
  const kind = { metadataId: 'IqDTy1TpoU' };
  const made = await ask('POST', '/sources', {
    slug: 'terraformed',
    enabled: true,
    ...kind,
    settings: { website_url: 'https://example.com' },
  });
  const sourceId = text(made, 'data.source.id');
  await ask('PATCH', `/sources/${sourceId}`, { name: 'Terraformed' });
  await ask('POST', '/labels', { label: { key: 'team', value: 'web' } });
  const labels = [{ key: 'team', value: 'web' }];
  await ask('PUT', `/sources/${sourceId}/labels`, { labels });
  const track = { allowUnplannedEvents: true, commonEventOnViolations: 'ALLOW' };
  await ask('PATCH', `/sources/${sourceId}/settings`, { track });

  const hooks = ['https://example.com/hook'];
  const catalog = await ask('GET', '/catalog/destinations?pagination[count]=200');
  const destinationId = text(
    await ask('POST', '/destinations', {
      sourceId,
      metadataId: webhookOf(catalog),
      enabled: true,
      name: 'Hook',
      settings: { hooks, sharedSecret: 'first secret of the hook' },
    }),
    'data.destination.id',
  );

  const plan = await ask('POST', '/tracking-plans', { name: 'Planned', type: 'LIVE' });
  const planId = text(plan, 'data.trackingPlan.id');
  const jsonSchema = { type: 'object', properties: { total: { type: 'number' } } };
  const rules = [{ type: 'TRACK', key: 'Ordered', version: 1, jsonSchema }];
  await ask('PUT', `/tracking-plans/${planId}/rules`, { rules });

  // plan: a refresh of all, twice the same
  const paths = [
    `/sources/${sourceId}`,
    `/sources/${sourceId}/settings`,
    `/destinations/${destinationId}`,
    `/tracking-plans/${planId}`,
    `/tracking-plans/${planId}/rules?pagination[count]=200`,
  ];
  const refresh = async () => {
    const answers: JsonObject[] = [];
    for (const path of paths) answers.push(await ask('GET', path));
    return answers;
  };
  const state = await refresh();
  assert.deepEqual(await refresh(), state);
  assert.partialDeepStrictEqual(state, [
    { data: { source: { slug: 'terraformed', name: 'Terraformed', enabled: true, labels } } },
    { data: { settings: { track } } },
    { data: { destination: { name: 'Hook', sourceId, settings: { hooks } } } },
    { data: { trackingPlan: { name: 'Planned', type: 'LIVE' } } },
    { data: { rules } },
  ]);

  // apply of a change: settings that are gone are set to null
  const changed = await ask('PATCH', `/sources/${sourceId}`, {
    slug: 'terraformed',
    enabled: false,
    name: 'Renamed',
    settings: { website_url: null },
  });
  assert.partialDeepStrictEqual(changed, {
    data: { source: { name: 'Renamed', enabled: false, settings: {} } },
  });
  assert.equal(valueAt(changed, 'data.source.settings.website_url'), undefined);
  await ask('PATCH', `/destinations/${destinationId}`, { name: 'Hook 2', enabled: false });
  await ask('PATCH', `/tracking-plans/${planId}`, { name: 'Planned 2' });
  await ask('PUT', `/tracking-plans/${planId}/rules`, { rules: [] });

  // destroy; then a refresh finds none of them, which the provider tells by the status
  await ask('DELETE', `/tracking-plans/${planId}`);
  await ask('DELETE', `/destinations/${destinationId}`);
  await ask('DELETE', `/sources/${sourceId}`);
  await ask('DELETE', '/labels/team/web');
  for (const path of paths) await ask('GET', path, undefined, 404);
  assert.deepEqual(proxy.problems, []);
});

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** Asks as the Go SDK beneath the provider does. */
function provider(address: string) {
  return async (
    method: Method,
    path: string,
    body?: JsonObject,
    expected?: number,
  ): Promise<JsonObject> => {
    const answer = await fetch(`${address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${testToken}`,
        accept: 'application/vnd.segment.v1+json, application/json',
        ...(body && { 'content-type': 'application/vnd.segment.v1+json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const said = await answer.text();
    const asExpected = expected === undefined ? answer.ok : answer.status === expected;
    assert.ok(asExpected, `${method} ${path}: ${answer.status} ${said}`);
    return JSON.parse(said);
  };
}

function text(answer: JsonObject, path: string): string {
  const value = valueAt(answer, path);
  assert.ok(typeof value === 'string', `no ${path}`);
  return value;
}

function webhookOf(catalog: JsonObject): string {
  const kinds = valueAt(catalog, 'data.destinationsCatalog');
  assert.ok(Array.isArray(kinds));
  const index = kinds.findIndex((kind) => valueAt(kind, 'slug') === 'webhooks');
  return text(catalog, `data.destinationsCatalog.${index}.id`);
}

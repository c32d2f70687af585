import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { type ControlRig, controlRig, type RigOptions } from '../../testing/control-rig.ts';
import { configCalls, refused } from '../testing/config-calls.ts';

const sources = '/workspaces/default/sources';

async function withRig(
  work: (rig: ControlRig, call: ReturnType<typeof configCalls>) => Promise<void>,
  options: RigOptions = {},
): Promise<void> {
  const rig = await controlRig(options);
  try {
    await work(rig, configCalls(rig));
  } finally {
    await rig.close();
  }
}

describe('a request to the Config API', () => {
  it('finds a path with a slash at its end, and the workspace by its slug and its id', () =>
    withRig(async (rig, call) => {
      const { id } = rig.control.snapshot().workspace;
      for (const path of ['/workspaces/', `/workspaces/${id}`, `/workspaces/${id}/sources/`]) {
        assert.equal((await call('GET', path)).status, 200, path);
      }
      assert.equal((await call('GET', `/workspaces/${id}`)).at('name'), 'workspaces/default');
    }));

  it('that no operation takes is 404, code 5, also with a wrong method', () =>
    withRig(async (_rig, call) => {
      refused(await call('GET', '/nothing'), 404, 5);
      refused(await call('PUT', sources, { body: {} }), 404, 5);
      refused(await call('DELETE', '/workspaces/default'), 404, 5);
    }));

  it('for what Segment has and this server has not is 501, code 12', () =>
    withRig(async (_rig, call) => {
      const preview = '/workspaces/default/functions/preview';
      refused(await call('POST', preview, { body: {} }), 501, 12, /does not offer/);
      refused(await call('POST', preview, { token: '' }), 401, 16);
    }));

  it('is one of 200 a minute and token, whatever it asks for; then 429, code 8', async () => {
    const clock = new ManualClock();
    await withRig(
      async (rig, call) => {
        const access_token = { scopes: 'workspace:read' };
        const made = await call('POST', '/access-tokens', { body: { access_token } });
        const token = String(made.at('token'));
        for (let count = 0; count < 200; count++) {
          const path = count % 2 === 0 ? '/workspaces' : sources;
          assert.equal((await call('GET', path, { token })).status, 200);
        }
        const answer = await call('GET', '/catalog/sources', { token });
        refused(answer, 429, 8);
        assert.equal(answer.headers['retry-after'], '60');
        assert.equal((await call('GET', '/workspaces')).status, 200, 'another token');
        assert.equal((await rig.call('GET', '/sources', { token })).status, 200, 'another API');
        clock.advance(60_000);
        assert.equal((await call('GET', '/workspaces', { token })).status, 200);
      },
      { apiOwnRates: true, clock },
    );
  });

  it('gets a list in pages, whose token is empty at the end', () =>
    withRig(async (_rig, call) => {
      for (let index = 0; index < 25; index++) {
        const source = { name: `s${index}`, catalog_name: 'catalog/sources/go' };
        await call('POST', sources, { body: { source } });
      }
      const names: unknown[] = [];
      let token = '';
      let pages = 0;
      do {
        const page = await call('GET', `${sources}?page_size=10&page_token=${token}`);
        const { sources: list, next_page_token } = JSON.parse(JSON.stringify(page.body));
        names.push(...list.map(({ slug }: { slug: string }) => slug));
        token = next_page_token;
        pages += 1;
      } while (token !== '');
      assert.equal(pages, 3);
      const expected = ['http-api', ...Array.from({ length: 25 }, (_, index) => `s${index}`)];
      assert.deepEqual(names, expected);
      for (const query of ['', '?page_size=', '?page_size=0', '?page_size=100000']) {
        const all = JSON.parse(JSON.stringify((await call('GET', `${sources}${query}`)).body));
        assert.equal(all.sources.length, 26);
      }
    }));

  it('may do what the roles of its token allow, on the sources they name', () =>
    withRig(async (rig, call) => {
      for (const name of ['mine', 'other']) {
        const source = { name, catalog_name: 'catalog/sources/go' };
        await call('POST', sources, { body: { source } });
      }
      const list = JSON.parse(JSON.stringify((await rig.call('GET', '/sources')).body));
      const { id } = list.data.sources.find(({ slug }: { slug: string }) => slug === 'mine');
      const roles = JSON.parse(JSON.stringify((await rig.call('GET', '/roles')).body)).data.roles;
      const role = roles.find(({ name }: { name: string }) => name === 'Source Admin');
      const permissions = [{ roleId: role.id, resources: [{ id, type: 'SOURCE' }] }];
      const made = await rig.call('POST', '/tokens', {
        body: { name: 'limited', permission: 'admin', permissions },
      });
      const token = String(made.at('data.secret'));
      const seen = await call('GET', sources, { token });
      assert.equal(seen.at('sources.0.slug'), 'mine');
      assert.equal(seen.at('sources.1'), undefined);
      assert.equal((await call('DELETE', `${sources}/mine`, { token })).status, 200);
      refused(await call('GET', `${sources}/other`, { token }), 403, 7);
      refused(await call('GET', `${sources}/not-there`, { token }), 403, 7);
      const source = { name: 'new', catalog_name: 'catalog/sources/go' };
      refused(await call('POST', sources, { token, body: { source } }), 403, 7);
      refused(await call('GET', '/access-tokens', { token }), 403, 7);
    }));
});

describe('the catalogue of the Config API', () => {
  it('has the kinds that the Public API has', () =>
    withRig(async (rig, call) => {
      const list = await call('GET', '/catalog/destinations');
      assert.equal(list.at('destinations.0.name'), 'catalog/destinations/every-option');
      assert.equal(list.at('destinations.0.categories.primary'), 'Raw Data');
      assert.equal(list.at('destinations.0.settings.0.type'), 'LIST');
      assert.equal(list.at('destinations.0.settings.0.required'), true);
      const one = await call('GET', '/catalog/sources/javascript');
      const other = await rig.call('GET', `/catalog/sources/${one.at('id')}`);
      assert.equal(other.at('data.sourceMetadata.name'), one.at('display_name'));
    }));
});

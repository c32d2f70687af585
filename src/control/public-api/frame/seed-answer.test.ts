import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { controlRig, everyOption } from '../../testing/control-rig.ts';

const metadataId = 'iUM16Md8P2';

describe('answers as seed 004 words them', () => {
  it('have 200 for 201, 400 for 422, pages of ten, and the keys that only the seed knows', async () => {
    const rig = await controlRig({ answers: 'seed' });
    for (let index = 0; index < 12; index += 1) {
      const body = { slug: `s${index}`, metadataId };
      assert.equal((await rig.call('POST', '/sources', { body })).status, 200);
    }
    const wrong = await rig.call('POST', '/sources', { body: {} });
    assert.deepEqual([wrong.status, wrong.at('errors.0.status')], [400, 400]);
    const page = await rig.call('GET', '/sources');
    assert.equal(page.at('data.sources.9.slug'), 's8');
    assert.equal(page.at('data.sources.10'), undefined);
    assert.equal(
      (await rig.call('GET', '/sources?pagination[count]=12')).at('data.sources.11.slug'),
      's10',
    );

    const kind = await rig.call('GET', `/catalog/sources/${metadataId}`);
    assert.deepEqual(kind.at('data.sourceCatalog'), kind.at('data.sourceMetadata'));
    const sourceId = page.at('data.sources.0.id');
    const body = { sourceId, metadataId: everyOption.id };
    const made = await rig.call('POST', '/destinations', { body });
    assert.deepEqual(made.at('data.destination.labels'), []);
    assert.equal(made.at('data.destination.metadata.supportedMethods.screen'), true);
    const listed = await rig.call('GET', '/destinations');
    assert.deepEqual(listed.at('data.destinations.0'), made.at('data.destination'));
    await rig.close();
  });

  it('are given to a token that asks for them, on a server that otherwise has the SDKs’', async () => {
    const rig = await controlRig();
    const token = { name: 'seed', permission: 'write', answers: 'seed' };
    const made = await rig.call('POST', '/tokens', { body: token });
    assert.equal(made.at('data.token.answers'), 'seed');
    const secret = String(made.at('data.secret'));
    const body = { slug: 'by-seed', metadataId };
    const options = { body, token: secret, seed: true } as const;
    assert.equal((await rig.call('POST', '/sources', options)).status, 200);
    assert.equal(
      (await rig.call('POST', '/sources', { body: { ...body, slug: 'by-sdk' } })).status,
      201,
    );
    await rig.close();
  });
});

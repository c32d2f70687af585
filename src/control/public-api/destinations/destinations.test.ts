import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { type ControlRig, controlRig, everyOption } from '../../testing/control-rig.ts';

async function create(rig: ControlRig, settings: object) {
  const sourceId = (await rig.call('GET', '/sources')).at('data.sources.0.id');
  const body = { sourceId, metadataId: everyOption.id, settings };
  return rig.call('POST', '/destinations', { body });
}

describe('the settings of a destination', () => {
  it('of the wrong type are refused, each with its field', async () => {
    const rig = await controlRig();
    const wrong = { hooks: 'x', secret: 1, region: [], on: 'yes', rate: '1', headers: { a: 1 } };
    const answer = await create(rig, wrong);
    assert.equal(answer.status, 422);
    for (const [index, name] of Object.keys(wrong).entries()) {
      assert.equal(answer.at(`errors.${index}.field`), `settings.${name}`);
    }
    await rig.close();
  });

  it('may miss what is required: delivery says so', async () => {
    const rig = await controlRig();
    assert.equal((await create(rig, {})).status, 200);
    await rig.close();
  });

  it('are merged by a change; null goes back to the default; a masked secret stays', async () => {
    const rig = await controlRig();
    const made = await create(rig, { hooks: ['a'], secret: 'short', region: 'us' });
    assert.equal(made.at('data.destination.settings.secret'), '••••••••••••');
    const path = `/destinations/${made.at('data.destination.id')}`;
    const settings = { region: null, secret: '••••••••••••', rate: 3 };
    const changed = await rig.call('PATCH', path, { body: { settings } });
    assert.equal(changed.at('data.destination.settings.region'), 'eu');
    assert.deepEqual(rig.settings(), {
      hooks: ['a'],
      secret: 'short',
      rate: 3,
      region: 'eu',
    });
    await rig.call('PATCH', path, { body: { settings: { secret: 'new' } } });
    assert.equal(rig.settings()?.['secret'], 'new');
    await rig.close();
  });
});

describe('a destination', () => {
  it('may be named by its slug as well as by its id, and is stored by its id', async () => {
    const rig = await controlRig();
    const sourceId = (await rig.call('GET', '/sources')).at('data.sources.0.id');
    const body = { sourceId, metadataId: everyOption.slug, settings: {} };
    const made = await rig.call('POST', '/destinations', { body });
    assert.equal(made.at('data.destination.metadata.id'), everyOption.id);
    await rig.close();
  });

  it('owns the events since it was made, or was last enabled', async () => {
    const clock = new ManualClock();
    const rig = await controlRig({ clock });
    const made = await create(rig, {});
    const path = `/destinations/${made.at('data.destination.id')}`;
    const since = () => rig.control.snapshot().connections[0]?.since;
    const start = clock.now();
    assert.equal(since(), start);
    clock.advance(1_000);
    await rig.call('PATCH', path, { body: { enabled: true, name: 'x' } });
    assert.equal(since(), start);
    await rig.call('PATCH', path, { body: { enabled: false } });
    assert.equal(since(), start);
    clock.advance(1_000);
    await rig.call('PATCH', path, { body: { enabled: true } });
    assert.equal(since(), start + 2_000);
    await rig.close();
  });

  it('may lose its name', async () => {
    const rig = await controlRig();
    const made = await create(rig, {});
    const path = `/destinations/${made.at('data.destination.id')}`;
    await rig.call('PATCH', path, { body: { name: 'Named' } });
    const cleared = await rig.call('PATCH', path, { body: { name: null } });
    assert.equal(cleared.at('data.destination.name'), undefined);
    await rig.close();
  });

  it('needs a source that exists', async () => {
    const rig = await controlRig();
    const body = { sourceId: 'none', metadataId: everyOption.id };
    assert.equal((await rig.call('POST', '/destinations', { body })).status, 404);
    await rig.close();
  });
});

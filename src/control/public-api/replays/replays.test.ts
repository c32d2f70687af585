import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../../core/testing/eventually.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { freshStores } from '../../../storage/testing/fresh-stores.ts';
import { type ControlRig, controlRig, everyOption } from '../../testing/control-rig.ts';

const range = { from: '2025-12-30T00:00:00Z', to: '2025-12-31T00:00:00Z' };

async function destination(rig: ControlRig): Promise<string> {
  const sourceId = (await rig.call('GET', '/sources')).at('data.sources.0.id');
  const body = { sourceId, metadataId: everyOption.id };
  return String((await rig.call('POST', '/destinations', { body })).at('data.destination.id'));
}

describe('a replay', () => {
  it('is part of the configuration until it is cancelled', async () => {
    const rig = await controlRig({ clock: new ManualClock() });
    const id = await destination(rig);
    const made = await rig.call('POST', `/destinations/${id}/replays`, { body: range });
    assert.equal(made.status, 201);
    const replay = String(made.at('data.replay.id'));
    assert.equal(made.at('data.replay.status'), 'RUNNING');
    assert.deepEqual(rig.control.snapshot().replays, [
      { id: replay, connectionId: id, from: Date.parse(range.from), to: Date.parse(range.to) },
    ]);
    assert.equal((await rig.call('DELETE', `/replays/${replay}`)).status, 200);
    assert.deepEqual(rig.control.snapshot().replays, []);
    const after = await rig.call('GET', `/replays/${replay}`);
    assert.equal(after.at('data.replay.status'), 'CANCELLED');
    assert.equal((await rig.call('DELETE', `/replays/${replay}`)).status, 409);
    const list = await rig.call('GET', `/destinations/${id}/replays`);
    assert.equal(list.at('data.replays.0.id'), replay);
    await rig.close();
  });

  it('names the field when its range makes no sense', async () => {
    const rig = await controlRig();
    const id = await destination(rig);
    const post = (body: object) => rig.call('POST', `/destinations/${id}/replays`, { body });
    assert.equal((await post({ from: 'x' })).at('errors.0.field'), 'from');
    const reversed = await post({ from: range.to, to: range.from });
    assert.equal(reversed.at('errors.0.field'), 'to');
    assert.equal(
      (await rig.call('POST', '/destinations/none/replays', { body: range })).status,
      404,
    );
    await rig.close();
  });

  it('shows the worker’s progress, and leaves the configuration once all its lanes are done', async () => {
    const clock = new ManualClock();
    const work = await freshStores().openWork();
    const rig = await controlRig({ clock, work });
    const id = await destination(rig);
    const made = await rig.call('POST', `/destinations/${id}/replays`, { body: range });
    const replay = String(made.at('data.replay.id'));
    for (const lane of ['a', 'b']) {
      await work.db
        .insertInto('replay_progress')
        .values({
          lane: `${id}/${lane}/${replay}`,
          partition: 0,
          replay,
          connection: id,
          state: lane === 'a' ? 'done' : 'running',
          until: 9,
          delivered: 5,
          discarded: 1,
          filtered: 2,
          started_at: clock.now(),
          updated_at: clock.now(),
        })
        .execute();
    }
    const running = await rig.call('GET', `/replays/${replay}`);
    assert.equal(running.at('data.replay.delivered'), 10);
    await clock.advanceSettling(30_000);
    assert.equal(rig.control.snapshot().replays.length, 1, 'one lane still runs');

    await work.db.updateTable('replay_progress').set({ state: 'done' }).execute();
    const published = rig.snapshots.length;
    const isPublished = () => rig.snapshots.length > published;
    const step = () => clock.advanceSettling(1_000);
    await eventually('the end of the replay is published', isPublished, { every: 1, step });
    assert.deepEqual(rig.control.snapshot().replays, []);
    const after = await rig.call('GET', `/replays/${replay}`);
    assert.equal(after.at('data.replay.status'), 'FINISHED');
    assert.equal((await rig.call('GET', '/')).status, 200);
    await rig.close();
    await work.close();
  });
});

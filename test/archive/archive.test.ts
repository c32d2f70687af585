/** The archive of a whole server: what replays find behind the log, what a deletion leaves, what the commands say. */
import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { openLogEngine } from '../../src/storage/open-log-engine.ts';
import { addWebhook, api, firstSource, valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { startReceiver } from '../rig/receiver.ts';
import type { Server } from '../rig/server.ts';
import { track } from '../rig/track.ts';
import { archivePlaces, archivingServer } from './places.ts';

const long = { within: 60_000 };

async function send(server: Server, userId: string, messageId: string): Promise<void> {
  assert.equal((await track(server, '/v1/track', { userId, messageId, event: 'E' })).status, 200);
}

/** Deletes all of the log `events` that can be, as retention would. */
async function trimLog(folder: string): Promise<number> {
  const log = `file:${join(folder, 'data', 'log')}`;
  const room = { ratio: 0, bytes: 0 };
  const engine = await openLogEngine(log, { clock: systemClock, logger: silentLogger, room });
  const before = await (await engine.openReader('events', 0)).start();
  const start = await engine.trim('events', 0, Number.MAX_SAFE_INTEGER);
  await engine.close();
  return start - before;
}

/** Removes the file of the first warehouse. */
async function emptyWarehouse(folder: string): Promise<void> {
  for (const name of await readdir(join(folder, 'data'))) {
    if (name.includes('.duckdb')) await rm(join(folder, 'data', name));
  }
}

for (const { name, skip, url } of archivePlaces()) {
  test(`${name}: a replay and a back-fill take what the log no longer has from the archive, then go on in the log`, {
    skip,
  }, async (t) => {
    const archived = await archivingServer(t, url);
    const receiver = await startReceiver();
    t.after(() => receiver.close());
    const destination = await addWebhook(archived.server, [receiver.url]);
    const from = new Date(Date.now() - 1_000).toISOString();
    const ids = Array.from({ length: 60 }, (_, n) => `m${n}`);
    for (const id of ids.slice(0, 50)) await send(archived.server, 'ada', id);
    const objects = [{ id: 'r1', properties: { name: 'Beach' } }];
    const set = await track(archived.server, '/v1/set', { collection: 'rooms', objects });
    assert.equal(set.status, 200);
    await eventually('all are archived', async () => (await archived.lines()).length === 51, long);
    await receiver.waitFor('all', (taken) => taken.length === 50);
    for (const more of [ids.slice(50, 55), ids.slice(55)]) {
      await archived.server.stop();
      await archived.restart();
      for (const id of more) await send(archived.server, 'ada', id);
    }
    await receiver.waitFor('all', (taken) => taken.length === 60);
    await eventually('all are archived', async () => (await archived.lines()).length === 61, long);
    await archived.server.stop();
    assert.ok((await trimLog(archived.folder)) > 0, 'something is behind the log');
    await emptyWarehouse(archived.folder);
    await archived.restart();
    const to = new Date().toISOString();
    await api(archived.server, 'POST', `/destinations/${destination}/replays`, { from, to });
    await receiver.waitFor('all again', (taken) => taken.length >= 120);
    const again = receiver.taken.slice(60).map(({ event }) => valueAt(event, 'messageId'));
    assert.deepEqual(again, ids);
    // The warehouse was emptied beside the log: what it has now a back-fill has found.
    const env = { ...environmentOf(archived.server), ...archived.variables };
    const synced = await startCommand(['sync', '--from', from], env).done;
    assert.equal(synced.code, 0, synced.stderr);
    const counting = ['sql', 'select count(*) as n from http_api.tracks', '--json'];
    const { stdout, stderr } = await startCommand(counting, env).done;
    assert.match(stdout, /"n":"?60\b/, stderr);
    // Objects of the Objects API too.
    const rooms = ['sql', 'select id, name from http_api.rooms', '--json'];
    assert.equal((await startCommand(rooms, env).done).stdout, '{"id":"r1","name":"Beach"}\n');
  });

  test(`${name}: a deletion leaves nothing of its users, and its regulation says that it runs`, {
    skip,
  }, async (t) => {
    const archived = await archivingServer(t, url);
    for (const [at, user] of ['gone', 'stays', 'gone', 'stays'].entries()) {
      await send(archived.server, user, `m${at}`);
    }
    await eventually('all are archived', async () => (await archived.lines()).length === 4, long);
    const made = await api(archived.server, 'POST', '/regulations', {
      regulationType: 'SUPPRESS_WITH_DELETE',
      subjectType: 'USER_ID',
      subjectIds: ['gone'],
    });
    const left = async () => (await archived.lines()).map(({ userId }) => userId);
    await eventually(
      'it is out of the archive',
      async () => !(await left()).includes('gone'),
      long,
    );
    assert.deepEqual(await left(), ['stays', 'stays']);
    const regulation = await api(
      archived.server,
      'GET',
      `/regulations/${String(valueAt(made, 'data.regulateId'))}`,
    );
    const status = valueAt(regulation, 'data.regulation.overallStatus');
    assert.ok(status === 'INITIALIZED' || status === 'RUNNING', String(status));
  });

  test(`${name}: the commands list, verify and restore it`, { skip }, async (t) => {
    const archived = await archivingServer(t, url);
    for (const id of ['a', 'b', 'c']) await send(archived.server, 'ada', id);
    await eventually('all are archived', async () => (await archived.lines()).length === 3, long);
    const source = await firstSource(archived.server);
    const env = { ...environmentOf(archived.server), ...archived.variables };
    const run = async (...args: string[]) => {
      const { code, stdout, stderr } = await startCommand(['archive', ...args], env).done;
      assert.equal(code, 0, stderr);
      return stdout;
    };
    await eventually(
      'the manifest has them',
      async () => {
        const counts = [...(await run('list')).matchAll(/\t(\d+) events/g)];
        return counts.reduce((sum, [, count]) => sum + Number(count), 0) === 3;
      },
      long,
    );
    assert.match(await run('list', '--source', source), new RegExp(`^${source}\t20`));
    assert.match(await run('verify'), /\t3 events\t.*\t0 problems\n$/);
    const out = join(archived.folder, 'restored.ndjson');
    assert.equal(
      await run('restore', '--from', '2020-01-01', '--source', source, '--out', out),
      '',
    );
    const ids = (await readFile(out, 'utf8')).trim().split('\n');
    assert.deepEqual(
      ids.map((line) => JSON.parse(line).messageId),
      ['a', 'b', 'c'],
    );
  });
}

test('a log that is lost is not the archive’s: it goes on behind what it has', async (t) => {
  const archived = await archivingServer(t, async (folder) => `file:${join(folder, 'a')}`);
  const idsOf = async () => (await archived.lines()).map(({ messageId = '' }) => messageId);
  await send(archived.server, 'ada', 'before');
  await eventually('it is archived', async () => (await idsOf()).length === 1, long);
  await archived.server.stop();
  for (const name of ['log', 'keys']) {
    await rm(join(archived.folder, 'data', name), { recursive: true, force: true });
  }
  await archived.restart();
  await send(archived.server, 'ada', 'after');
  await eventually('it goes on', async () => (await idsOf()).length === 2, long);
  assert.deepEqual(await idsOf(), ['before', 'after']);
});

test('switched off, nothing is archived', async (t) => {
  const archived = await archivingServer(t, async (folder) => `file:${folder}/unused`, {
    TRIBUTARY_ARCHIVE: 'off',
  });
  await send(archived.server, 'ada', 'm');
  const health = await (await fetch(`${archived.server.url}/health`)).text();
  assert.ok(!health.includes('"archive"'));
});

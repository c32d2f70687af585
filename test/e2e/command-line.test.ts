import assert from 'node:assert/strict';
import { test } from 'node:test';
import { api, valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { track } from '../rig/track.ts';
import { valuesAt } from './assert-delivery.ts';
import { startStand } from './stand.ts';

test('`tributary validate` prints the configuration with secrets masked, and warns of an unknown variable with the nearest name', async () => {
  const env = { TRIBUTARY_TOKEN: 'do-not-print', TRIBUTARY_PROT: '1', TRIBUTARY_PORT: '9000' };
  const { code, stdout, stderr } = await startCommand(['validate'], env).done;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /9000/);
  assert.match(stdout + stderr, /TRIBUTARY_PROT.*TRIBUTARY_PORT/);
  assert.doesNotMatch(stdout + stderr, /do-not-print/);
});

test('`tributary validate` names every bad value at once and fails', async () => {
  const env = { TRIBUTARY_PORT: 'high', TRIBUTARY_RATE_LIMIT: '-1' };
  const { code, stdout, stderr } = await startCommand(['validate'], env).done;
  assert.equal(code, 1);
  assert.match(stdout + stderr, /TRIBUTARY_PORT/);
  assert.match(stdout + stderr, /TRIBUTARY_RATE_LIMIT/);
});

test('`tributary send` sends an event that arrives', async (t) => {
  const { server, receiver } = await startStand(t);
  const args = ['send', '--event', 'Sent By Hand', '--user', 'someone'];
  const { code, stdout, stderr } = await startCommand(args, environmentOf(server)).done;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^200 .*messageId cli-/);
  const [delivery] = await receiver.waitFor('the event', (all) => all.length >= 1);
  assert.partialDeepStrictEqual(delivery?.event, { event: 'Sent By Hand', userId: 'someone' });
});

test('`tributary tail` prints what is accepted and what is refused while it happens', async (t) => {
  const { server } = await startStand(t);
  const tail = startCommand(['tail'], environmentOf(server));
  t.after(tail.interrupt);
  await eventually('it watches', () => tail.stderr().includes('watching'));
  let sent = 0;
  await eventually(
    'an event and a discard are shown',
    async () => {
      sent++;
      const good = { type: 'track', userId: 'u', event: `Watched ${sent}` };
      await track(server, '/v1/batch', { batch: [good, { type: 'track', userId: 'u' }] });
      return /Watched/.test(tail.stdout()) && /event_not_defined/.test(tail.stdout());
    },
    { every: 250 },
  );
});

test('`tributary discards` lists a refused item with its reason and its payload', async (t) => {
  const { server } = await startStand(t);
  await track(server, '/v1/batch', { batch: [{ type: 'track', userId: 'u', note: 'keep me' }] });
  const env = environmentOf(server);
  const line = await eventually('the discard is listed', async () => {
    const { stdout } = await startCommand(['discards', '--code', 'event_not_defined'], env).done;
    return stdout.includes('event_not_defined') && stdout;
  });
  assert.match(line, /keep me/);
});

test('`tributary discards` and `alerts create` take a source by its slug and a destination by its name, and refuse what there is not', async (t) => {
  const { server } = await startStand(t);
  const run = (...args: readonly string[]) => startCommand(args, environmentOf(server)).done;
  const slug = valueAt(await api(server, 'GET', '/sources'), 'data.sources.0.slug');
  const [found] = [valueAt(await api(server, 'GET', '/destinations'), 'data.destinations.0')];
  const name = 'The webhook';
  await api(server, 'PATCH', `/destinations/${valueAt(found, 'id')}`, { name });
  await track(server, '/v1/batch', { batch: [{ type: 'track', userId: 'u', note: 'keep me' }] });
  await eventually('the discard is listed', async () =>
    (await run('discards', '--source', String(slug))).stdout.includes('keep me'),
  );
  const none = await run('discards', '--destination', name);
  assert.deepEqual([none.code, none.stderr.trim()], [0, 'no discards']);
  const bounds = ['create', 'quiet', '--metric', 'volume', '--below', '1'];
  const made = await run('alerts', ...bounds, '--source', String(slug));
  assert.equal(made.code, 0, made.stderr);
  for (const [flag, sentence] of [
    ['--source', /There is no source nonsense/],
    ['--destination', /There is no destination nonsense/],
    ['--code', /There is no discard code nonsense/],
  ] as const) {
    const { code, stderr } = await run('discards', flag, 'nonsense');
    assert.equal(code, 1);
    assert.match(stderr, sentence);
  }
});

test('`tributary replay` sends the events of a range again, once and in order', async (t) => {
  const { server, receiver } = await startStand(t);
  const from = new Date().toISOString();
  const batch = Array.from({ length: 20 }, (_, index) => ({
    type: 'track',
    userId: 'u',
    event: `Event ${index}`,
  }));
  await track(server, '/v1/batch', { batch });
  await receiver.waitFor('the live deliveries', (all) => all.length >= 20);
  const destinations = await api(server, 'GET', '/destinations?pagination[count]=10');
  const id = String(valueAt(destinations, 'data.destinations.0.id'));
  const args = ['replay', id, '--from', from];
  const { code, stderr } = await startCommand(args, environmentOf(server)).done;
  assert.equal(code, 0, stderr);
  const taken = await receiver.waitFor('the replay', (all) => all.length >= 40);
  const names = batch.map(({ event }) => event);
  assert.deepEqual(valuesAt(taken, 'event'), [...names, ...names]);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addWebhook, api, firstSource, valueAt } from '../rig/api.ts';
import { environmentOf, startCommand } from '../rig/command-line.ts';
import { eventually } from '../rig/eventually.ts';
import { startReceiver } from '../rig/receiver.ts';
import type { Server } from '../rig/server.ts';
import { track } from '../rig/track.ts';
import { valuesAt } from './assert-delivery.ts';
import { startStand } from './stand.ts';

function discardOf(server: Server, code: string): Promise<unknown> {
  return eventually(`a discard ${code} is listed`, async () =>
    valueAt(await api(server, 'GET', `/discards?code=${code}`), 'data.discards.0'),
  );
}

test('an event that a destination refused arrives there once when it is sent again, however often that is asked, and nowhere else', async (t) => {
  const { server, receiver } = await startStand(t);
  const picky = await startReceiver();
  t.after(() => picky.close());
  picky.answer = () => 400;
  const destination = await addWebhook(server, [picky.url]);
  await track(server, '/v1/track', { userId: 'u', event: 'Refused', messageId: 'm1' });
  const id = valueAt(await discardOf(server, 'message_rejected'), 'id');
  assert.equal(typeof id, 'string');
  picky.answer = () => 200;
  const asked = { ids: [String(id)] };
  const answers = await Promise.all(
    [1, 2, 3].map(() => api(server, 'POST', '/discards/resend', asked)),
  );
  assert.equal(answers.flatMap((answer) => valueAt(answer, 'data.refused')).length, 0);
  const args = ['discards', 'resend', '--destination', destination];
  const command = await startCommand(args, environmentOf(server)).done;
  assert.equal(command.code, 0, command.stderr);
  assert.deepEqual(JSON.parse(command.stdout), { resent: 0, alreadyResent: 1, refused: 0 });
  await track(server, '/v1/track', { userId: 'u', event: 'Last' });
  for (const one of [picky, receiver]) {
    const taken = await one.waitFor('the last', (all) => all.at(-1)?.event['event'] === 'Last');
    assert.deepEqual(valuesAt(taken, 'event'), ['Refused', 'Last']);
  }
  assert.equal(picky.taken[0]?.text, picky.refused[0]?.text);
});

test('events of a source that was off arrive everywhere when they are sent again, as of the time they first came', async (t) => {
  const { server, receiver } = await startStand(t);
  const path = `/sources/${await firstSource(server)}`;
  await api(server, 'PATCH', path, { enabled: false });
  await eventually(
    'the source is off',
    async () => {
      await track(server, '/v1/track', { userId: 'u', event: 'While Off', messageId: 'off-1' });
      return valueAt(
        await api(server, 'GET', '/discards?code=source_disabled'),
        'data.discards.0.id',
      );
    },
    { every: 200 },
  );
  const before = receiver.taken.length;
  const env = environmentOf(server);
  const refused = await startCommand(['discards', 'resend', '--code', 'source_disabled'], env).done;
  assert.match(refused.stderr, /source_disabled/);
  assert.equal(receiver.taken.length, before);
  await api(server, 'PATCH', path, { enabled: true });
  await eventually('it is taken', async () => {
    const { stdout } = await startCommand(['discards', 'resend', '--code', 'source_disabled'], env)
      .done;
    return JSON.parse(stdout).refused === 0;
  });
  await track(server, '/v1/track', { userId: 'u', event: 'Last' });
  const taken = await receiver.waitFor('the last', (all) => all.at(-1)?.event['event'] === 'Last');
  const names = valuesAt(taken, 'event');
  assert.equal(names.filter((name) => name === 'While Off').length, 1);
  const exported = await startCommand(['discards', 'export'], env).done;
  assert.equal(exported.code, 0, exported.stderr);
  const [line = ''] = exported.stdout.split('\n');
  assert.equal(typeof JSON.parse(line).resentAt, 'string');
});

test('an event that the tracking plan did not have arrives once the plan has it and it is sent again', async (t) => {
  const { server, receiver } = await startStand(t);
  const sourceId = await firstSource(server);
  const made = await api(server, 'POST', '/tracking-plans', { name: 'Plan', type: 'LIVE' });
  const plan = `/tracking-plans/${valueAt(made, 'data.trackingPlan.id')}`;
  const rule = (key: string) => ({
    type: 'TRACK',
    key,
    version: 1,
    jsonSchema: { type: 'object' },
  });
  await api(server, 'PATCH', `${plan}/rules`, { rules: [rule('Planned')] });
  await api(server, 'POST', `${plan}/sources`, { sourceId });
  await api(server, 'PATCH', `/sources/${sourceId}/settings`, {
    track: { allowUnplannedEvents: false },
  });
  const forgotten = { userId: 'u', event: 'Forgotten', messageId: 'f-1' };
  const id = await eventually(
    'the plan is in force',
    async () => {
      await track(server, '/v1/track', { ...forgotten, messageId: `f-${performance.now()}` });
      return valueAt(await api(server, 'GET', '/discards?code=unplanned'), 'data.discards.0.id');
    },
    { every: 200 },
  );
  await api(server, 'PATCH', `${plan}/rules`, { rules: [rule('Forgotten')] });
  await eventually(
    'the plan has it',
    async () => {
      await track(server, '/v1/track', { ...forgotten, messageId: `g-${performance.now()}` });
      return receiver.taken.some(({ event }) => String(event['messageId']).startsWith('g-'));
    },
    { every: 200 },
  );
  const discard = valueAt(
    await api(server, 'GET', '/discards?code=unplanned&pagination.count=1000'),
    'data.discards',
  );
  assert(Array.isArray(discard));
  const { messageId } = discard.find((one) => one.id === id);
  for (let time = 0; time < 2; time += 1) {
    await api(server, 'POST', '/discards/resend', { ids: [String(id)] });
  }
  const arrived = () =>
    receiver.taken.filter(({ event }) => event['messageId'] === messageId).length;
  await receiver.waitFor('it', () => arrived() > 0);
  await track(server, '/v1/track', { userId: 'u', event: 'Forgotten', messageId: 'last' });
  await receiver.waitFor('the last', (all) => all.at(-1)?.event['messageId'] === 'last');
  assert.equal(arrived(), 1);
});

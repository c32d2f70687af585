import assert from 'node:assert/strict';
import { it } from 'node:test';
import { limits } from '../../../core/limits.ts';
import { recordKinds } from '../../../core/records.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { adminToken, controlRig } from '../../testing/control-rig.ts';
import { logRig } from '../../testing/log-rig.ts';

it('the tail of a source streams over HTTP, and ends when the server closes', async () => {
  const { logs, append } = await logRig(new ManualClock());
  const rig = await controlRig({ logs });
  const address = await rig.control.app.listen({ host: '127.0.0.1', port: 0 });
  const sourceId = String((await rig.call('GET', '/sources')).at('data.sources.0.id'));
  const headers = { authorization: `Bearer ${adminToken}` };
  const answer = await fetch(`${address}/api/sources/${sourceId}/tail`, { headers });
  assert.equal(answer.headers.get('content-type'), 'text/event-stream; charset=utf-8');
  assert.deepEqual(rig.watched, [[sourceId]]);
  await append('accepted', {
    kind: recordKinds.request,
    source: sourceId,
    meta: '{"t":0,"call":"track"}',
    body: Buffer.from('{"event":"Bought"}'),
  });
  let text = '';
  const reading = (async () => {
    assert(answer.body !== null);
    const decoder = new TextDecoder();
    for await (const chunk of answer.body) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes('Bought')) break;
    }
  })();
  await reading;
  assert(text.includes('event: accepted\ndata: {"receivedAt":"1970-01-01T00:00:00.000Z"'));

  const second = await fetch(`${address}/api/sources/${sourceId}/tail`, { headers });
  const ended = second.text();
  await rig.close();
  assert.equal(await ended, ': heartbeat\n\n');

  const missing = await controlRig({ logs });
  assert.equal((await missing.call('GET', '/sources/none/tail')).status, 404);
  await missing.close();
});

it('the tail ends when its token is revoked', async () => {
  const clock = new ManualClock();
  const { logs } = await logRig(clock);
  const rig = await controlRig({ logs, clock });
  const address = await rig.control.app.listen({ host: '127.0.0.1', port: 0 });
  const sourceId = String((await rig.call('GET', '/sources')).at('data.sources.0.id'));
  const body = { name: 'viewer', permission: 'read' };
  const token = await rig.call('POST', '/tokens', { body });
  const headers = { authorization: `Bearer ${token.at('data.secret')}` };
  const answer = await fetch(`${address}/api/sources/${sourceId}/tail`, { headers });
  let ended = false;
  const reading = answer.text().then(() => {
    ended = true;
  });
  await clock.advanceSettling(2 * limits.revokedCheckMs);
  assert.equal(ended, false, 'it stays while the token is valid');
  await rig.call('DELETE', `/tokens/${token.at('data.token.id')}`);
  await clock.advanceSettling(limits.revokedCheckMs);
  await reading;
  await rig.close();
});

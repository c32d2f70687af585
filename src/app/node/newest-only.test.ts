import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BusTopic } from '../../core/bus.ts';
import type { FromChild } from './child-messages.ts';
import { newestOnly } from './newest-only.ts';

/** A channel that lets go of a message when it is told to. */
function channel() {
  const sent: string[] = [];
  const leaving: (() => void)[] = [];
  const pass = newestOnly<FromChild>((message, left) => {
    sent.push(message.kind === 'publish' ? `${message.topic} ${message.payload}` : message.kind);
    leaving.push(left);
  });
  const publish = (topic: BusTopic, payload: string) => pass({ kind: 'publish', topic, payload });
  return { sent, publish, pass, leave: () => leaving.shift()?.() };
}

test('of many snapshots while one is on its way the newest is sent, and only that', () => {
  const { sent, publish, leave } = channel();
  for (let version = 1; version <= 100; version++) publish('snapshot', String(version));
  assert.deepEqual(sent, ['snapshot 1']);
  leave();
  assert.deepEqual(sent, ['snapshot 1', 'snapshot 100']);
  leave();
  publish('snapshot', '101');
  assert.deepEqual(sent, ['snapshot 1', 'snapshot 100', 'snapshot 101']);
});

test('a snapshot that is on its way holds up nothing else, and no other message is left out', () => {
  const { sent, publish, pass } = channel();
  publish('snapshot', '1');
  publish('watched', 'a');
  for (const log of ['accepted', 'events', 'events']) publish('wake', log);
  pass({ kind: 'ready', banner: {} });
  assert.deepEqual(sent, [
    'snapshot 1',
    'watched a',
    'wake accepted',
    'wake events',
    'wake events',
    'ready',
  ]);
});

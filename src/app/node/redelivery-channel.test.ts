import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BusTopic } from '../../core/bus.ts';
import { systemClock } from '../../core/clock.ts';
import { limits } from '../../core/limits.ts';
import type { Redelivery } from '../../core/redelivery.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { createIpcBus, type IpcBus } from './ipc-bus.ts';
import { answerRedeliveries, redeliverOverBus } from './redelivery-channel.ts';

/** Two ends of one line. */
function line(heard: (topic: BusTopic) => void = () => undefined): readonly [IpcBus, IpcBus] {
  const one: IpcBus = createIpcBus((message) => {
    if (message.kind !== 'publish') return;
    heard(message.topic);
    other.deliver(message.topic, message.payload);
  });
  const other: IpcBus = createIpcBus((message) => {
    if (message.kind === 'publish') one.deliver(message.topic, message.payload);
  });
  return [one, other];
}

const item = (id: string, bytes = 10): Redelivery => ({
  ...{ id, source: 's', body: 'x'.repeat(bytes), receivedAt: 1 },
});

test('outcomes come in the order of the discards, handed over in bounded pieces', async () => {
  let pieces = 0;
  const [control, ingest] = line(() => {
    pieces += 1;
  });
  answerRedeliveries(ingest, async (items) =>
    items.map(({ id }) =>
      id === 'b' ? { kind: 'refused', code: 'bad_request' } : { kind: 'accepted' },
    ),
  );
  const redeliver = redeliverOverBus(control, systemClock, () => 'own');
  const large = limits.redeliveryBytes;
  assert.deepEqual(await redeliver([item('a', large), item('b'), item('c', large)]), [
    { kind: 'accepted' },
    { kind: 'refused', code: 'bad_request' },
    { kind: 'accepted' },
  ]);
  assert.equal(pieces, 3);
  assert.deepEqual(await redeliver([]), []);
});

test('what nobody answers in time has failed', async () => {
  const clock = new ManualClock();
  const [control] = line();
  const asked = redeliverOverBus(control, clock, () => 'own')([item('a')]);
  await clock.advanceSettling(limits.redeliveryTimeoutMs);
  assert.deepEqual(await asked, [{ kind: 'failed', message: 'Ingest does not answer' }]);
});

test('an answer to an earlier process is not taken for ours', async () => {
  const [control, ingest] = line();
  let release: () => void = () => undefined;
  answerRedeliveries(
    ingest,
    (items) =>
      new Promise((resolve) => {
        release = () => resolve(items.map(() => ({ kind: 'accepted' })));
      }),
  );
  const asked = redeliverOverBus(control, systemClock, () => 'new')([item('a')]);
  await Promise.resolve();
  control.deliver('redelivered', { id: 'old-1', said: [] });
  release();
  assert.deepEqual(await asked, [{ kind: 'accepted' }]);
});

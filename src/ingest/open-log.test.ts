import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../core/clock.ts';
import { TributaryError } from '../core/errors.ts';
import { openMemoryLogEngine } from '../storage/log/memory/open-memory-log-engine.ts';
import { AcceptedLog } from './accepted-log.ts';
import { openLog } from './open-log.ts';

const randomHex = (bytes: number) => '0'.repeat(2 * bytes);
const none = new AcceptedLog([], randomHex);

test('where clients are served it is their log', async () => {
  const engine = await openMemoryLogEngine({ clock: systemClock });
  const { writer } = await engine.openWriter('accepted', 0);
  const log = new AcceptedLog([writer], randomHex);
  assert.equal(await openLog(log, [writer], undefined, randomHex)(), log);
  await engine.close();
});

test('elsewhere it is opened once, and tried again after a failure', async () => {
  const engine = await openMemoryLogEngine({ clock: systemClock });
  let calls = 0;
  const open = openLog(
    none,
    [],
    async () => {
      calls += 1;
      if (calls === 1) throw new TributaryError('log_unavailable', 'No broker');
      return [(await engine.openWriter('accepted', 0)).writer];
    },
    randomHex,
  );
  await assert.rejects(open(), { code: 'log_unavailable' });
  const [one, two] = await Promise.all([open(), open()]);
  assert.equal(one, two);
  assert.equal(calls, 2);
  await engine.close();
});

test('where there is no way to it that is said', async () => {
  await assert.rejects(openLog(none, [], undefined, randomHex)(), { code: 'unavailable' });
});

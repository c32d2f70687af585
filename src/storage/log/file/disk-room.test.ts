import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '../../../core/clock.ts';
import { silentLogger } from '../../../core/logger.ts';
import { ManualClock } from '../../../core/testing/manual-clock.ts';
import { DiskRoom } from './disk-room.ts';

const GB = 1024 ** 3;

it('there is room until only the reserve is free: the ratio, at least the bytes', async () => {
  for (const [free, total, expected] of [
    [6 * GB, 100 * GB, true],
    [5 * GB, 100 * GB, false],
    [1.5 * GB, 10 * GB, true],
    [0.9 * GB, 10 * GB, false],
  ] as const) {
    const room = new DiskRoom('.', systemClock, silentLogger, {
      measure: async () => ({ free, total }),
    });
    await room.measure();
    assert.equal(room.hasRoom(), expected, `${free} of ${total}`);
  }
});

it('the disk is measured in the background, at most once a second', async () => {
  let time = 0;
  let free = 10;
  let measured = 0;
  const clock = { ...systemClock, monotonic: () => time };
  const measure = async () => {
    measured++;
    return { free, total: 100 };
  };
  const room = new DiskRoom('.', clock, silentLogger, { ratio: 0, bytes: 5, measure });
  await room.measure();
  free = 1;
  for (time = 1; time < 1000; time += 100) assert.equal(room.hasRoom(), true);
  assert.equal(measured, 1);
  time = 1000;
  room.hasRoom();
  await room.measure();
  assert.equal(measured, 2);
  assert.equal(room.hasRoom(), false);
});

it('without room it measures by itself each second: who asks first after long gets a figure of today', async () => {
  let free = 1;
  const measure = async () => ({ free, total: 100 });
  const clock = new ManualClock();
  const room = new DiskRoom('.', clock, silentLogger, { ratio: 0, bytes: 5, measure });
  await room.measure();
  await clock.advanceSettling(60_000);
  free = 10;
  await clock.advanceSettling(1_000);
  assert.equal(room.hasRoom(), true);
  assert.equal(clock.pending, 0, 'there is nothing to wait for');

  free = 1;
  await room.measure();
  assert.equal(clock.pending, 1);
  room.close();
  assert.equal(clock.pending, 0, 'nor after its end');
});

it('the last figure stands when the disk cannot be measured', async () => {
  let works = true;
  const room = new DiskRoom('.', systemClock, silentLogger, {
    ratio: 0,
    bytes: 5,
    measure: async () => {
      assert.ok(works, 'planted');
      return { free: 1, total: 100 };
    },
  });
  await room.measure();
  works = false;
  await room.measure();
  assert.equal(room.hasRoom(), false);
});

it('the real disk is measured', async () => {
  const room = new DiskRoom('.', systemClock, silentLogger, { ratio: 0, bytes: 1 });
  await room.measure();
  assert.equal(room.hasRoom(), true);
});

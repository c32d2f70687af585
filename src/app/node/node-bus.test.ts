import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Clock } from '../../core/clock.ts';
import { systemClock } from '../../core/clock.ts';
import { silentLogger } from '../../core/logger.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { answer, createAsk } from './ask.ts';
import { createIpcBus, type IpcBus } from './ipc-bus.ts';
import { createSnapshotFile } from './snapshot-file.ts';
import { throttledWake } from './throttled-wake.ts';

const folder = mkdtempSync(join(tmpdir(), 'tributary-node-'));
after(() => rmSync(folder, { recursive: true }));

/** Buses joined as the supervisor joins those of its children: each hears the others, not itself. */
function joinedBuses(count: number): IpcBus[] {
  const buses: IpcBus[] = [];
  for (let index = 0; index < count; index++) {
    const bus = createIpcBus((message) => {
      if (message.kind !== 'publish') return;
      for (const other of buses) if (other !== bus) other.deliver(message.topic, message.payload);
    });
    buses.push(bus);
  }
  return buses;
}

function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  assert.ok(value !== undefined);
  return value;
}

/** A clock whose timers fire when told. */
function steppedClock() {
  let timers: { task: () => void }[] = [];
  const clock: Clock = {
    ...systemClock,
    after: (_ms, task) => {
      const timer = { task };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  };
  const fire = () => {
    const due = timers;
    timers = [];
    for (const { task } of due) task();
  };
  return { clock, fire, waiting: () => timers.length };
}

const snapshot = (version: number): Snapshot => ({
  version,
  workspace: { id: 'w', slug: 'default', name: 'default' },
  sources: [],
  connections: [],
  replays: [],
});

describe('ask', () => {
  it('gathers the answers of all other processes', async () => {
    const buses = joinedBuses(3);
    answer(at(buses, 1), 'health', () => Promise.resolve({ worker: 'running' }));
    answer(at(buses, 2), 'health', () => Promise.resolve({ control: 'running' }));
    const ask = createAsk(at(buses, 0), systemClock, 2);
    assert.deepEqual(await ask('health'), [{ worker: 'running' }, { control: 'running' }]);
  });

  it('goes on without a process that does not answer in time', async () => {
    const buses = joinedBuses(3);
    answer(at(buses, 1), 'metrics', () => Promise.resolve(['one']));
    const { clock, fire } = steppedClock();
    const answers = createAsk(at(buses, 0), clock, 2)('metrics');
    await Promise.resolve();
    await Promise.resolve();
    fire();
    assert.deepEqual(await answers, [['one']]);
  });
});

describe('createIpcBus', () => {
  it('says what its process wants to hear, so that nothing else is relayed to it', () => {
    const said: unknown[] = [];
    const bus = createIpcBus((message) => said.push(message));
    const first = bus.subscribe('wake', () => undefined);
    const second = bus.subscribe('wake', () => undefined);
    first();
    second();
    assert.deepEqual(said, [
      { kind: 'subscribe', topic: 'wake' },
      { kind: 'unsubscribe', topic: 'wake' },
    ]);
  });
});

describe('throttledWake', () => {
  it('wakes at once, then once more for all commits of the pause', () => {
    const buses = joinedBuses(2);
    const heard: unknown[] = [];
    at(buses, 1).subscribe('wake', (payload) => heard.push(payload));
    const { clock, fire, waiting } = steppedClock();
    const wake = throttledWake(at(buses, 0), clock, 'accepted');
    wake();
    wake();
    wake();
    assert.deepEqual(heard, ['accepted']);
    fire();
    assert.deepEqual(heard, ['accepted', 'accepted']);
    fire();
    assert.equal(waiting(), 0, 'a quiet log costs nothing');
    assert.equal(heard.length, 2);
  });
});

describe('snapshot file', () => {
  it('starts the data plane from the last snapshot while the control plane is down', async () => {
    const path = join(folder, 'kept.json');
    createSnapshotFile(path, at(joinedBuses(1), 0), silentLogger).publish(snapshot(7));
    assert.equal(statSync(path).mode & 0o777, 0o600, 'it holds write keys and settings');
    const alone = at(joinedBuses(1), 0);
    const holder = await createSnapshotFile(path, alone, silentLogger).hold();
    assert.equal(holder.current.version, 7);
  });

  it('waits for the first snapshot, then swaps to each newer one and never back', async () => {
    const buses = joinedBuses(2);
    const control = createSnapshotFile(join(folder, 'a.json'), at(buses, 0), silentLogger);
    const ingest = createSnapshotFile(join(folder, 'b.json'), at(buses, 1), silentLogger);
    const waiting = ingest.hold();
    control.publish(snapshot(1));
    const holder = await waiting;
    const seen: number[] = [];
    holder.subscribe(({ version }) => seen.push(version));
    control.publish(snapshot(3));
    control.publish(snapshot(2));
    assert.equal(holder.current.version, 3);
    assert.deepEqual(seen, [3]);
  });

  it('takes what the control plane says for newer than the file, whatever its version: its store may come from a backup', async () => {
    const buses = joinedBuses(2);
    const path = join(folder, 'backup.json');
    createSnapshotFile(path, at(joinedBuses(1), 0), silentLogger).publish(snapshot(7));
    const holder = await createSnapshotFile(path, at(buses, 1), silentLogger).hold();
    assert.equal(holder.current.version, 7);
    createSnapshotFile(path, at(buses, 0), silentLogger).publish(snapshot(3));
    assert.equal(holder.current.version, 3);
  });

  it('asks for the snapshot, so that one published before it listened is not missed', async () => {
    const buses = joinedBuses(2);
    createSnapshotFile(join(folder, 'c.json'), at(buses, 0), silentLogger).publish(snapshot(5));
    const late = createSnapshotFile(join(folder, 'd.json'), at(buses, 1), silentLogger);
    assert.equal((await late.hold()).current.version, 5);
  });

  it('takes a file that cannot be read for none', async () => {
    const path = join(folder, 'torn.json');
    writeFileSync(path, '{"version":');
    const buses = joinedBuses(2);
    const waiting = createSnapshotFile(path, at(buses, 1), silentLogger).hold();
    createSnapshotFile(join(folder, 'e.json'), at(buses, 0), silentLogger).publish(snapshot(1));
    assert.equal((await waiting).current.version, 1);
  });
});

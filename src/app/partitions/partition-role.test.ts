import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clock, systemClock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import type { LogEngine, OnAssigned } from '../../core/event-log.ts';
import { silentLogger } from '../../core/logger.ts';
import { settle } from '../../core/testing/manual-clock.ts';
import { openMemoryLogEngine } from '../../storage/log/memory/open-memory-log-engine.ts';
import { MemoryLeases } from '../../storage/testing/memory-leases.ts';
import { PartitionRole } from './partition-role.ts';

/** Pauses are over at once. */
const clock: Clock = {
  ...systemClock,
  sleep: () => new Promise((resolve) => setImmediate(resolve)),
};

/** A role on an engine that the test assigns partitions of, and what it did, in words. */
async function rig(options: { readonly outlivesNode: boolean }) {
  const done: string[] = [];
  const failing = new Map<number, PromiseWithResolvers<never>>();
  const refusals: unknown[] = [];
  let assign: OnAssigned = () => undefined;
  const engine: LogEngine = {
    ...(await openMemoryLogEngine({ clock: systemClock })),
    outlivesNode: options.outlivesNode,
    join: async (_role, _log, onAssigned) => {
      assign = onAssigned;
      onAssigned(options.outlivesNode ? [] : [0]);
      return { report: () => undefined, leave: async () => void done.push('left') };
    },
  };
  const leases = new MemoryLeases();
  const role = new PartitionRole({
    role: 'process',
    log: 'accepted',
    engine,
    leases,
    clock,
    logger: silentLogger,
    start: async (partition) => {
      const refusal = refusals.shift();
      if (refusal !== undefined) throw refusal;
      done.push(`start ${partition}`);
      const failed = Promise.withResolvers<never>();
      failing.set(partition, failed);
      return {
        state: () => ({ partition }),
        done: failed.promise,
        stop: async () => void done.push(`stop ${partition}`),
      };
    },
  });
  return {
    role,
    leases,
    done,
    refusals,
    assign: async (partitions: readonly number[]) => {
      assign(partitions);
      await settle();
    },
    fail: async (partition: number, error: unknown) => {
      failing.get(partition)?.reject(error);
      await settle();
    },
  };
}

test('a node of its own works on everything from the start, and gives it back before it leaves', async () => {
  const { role, done, leases } = await rig({ outlivesNode: false });
  await role.begin();
  assert.deepEqual(done, ['start 0']);
  assert.deepEqual([...role.state()], [[0, { partition: 0 }]]);
  await role.stop();
  assert.deepEqual(done, ['start 0', 'stop 0', 'left']);
  assert.deepEqual(leases.held, []);
});

test('a node of its own that cannot work says why', async () => {
  const { role, refusals } = await rig({ outlivesNode: false });
  refusals.push(new TributaryError('log_corrupt', 'The log is damaged'));
  await assert.rejects(role.begin(), /The log is damaged/);
  await role.stop();
});

test('a node of its own whose partition another has does not start', async () => {
  const { role, leases } = await rig({ outlivesNode: false });
  await leases.tryTake('process/0');
  await assert.rejects(role.begin(), /another node works with this state store/);
  await role.stop();
});

test('what is assigned is worked on, what is taken away is finished and given back', async () => {
  const { role, assign, done, leases } = await rig({ outlivesNode: true });
  await role.begin();
  await assign([1, 2]);
  assert.deepEqual(done, ['start 1', 'start 2']);
  await assign([2, 3]);
  assert.deepEqual(done.slice(2).toSorted(), ['start 3', 'stop 1']);
  assert.deepEqual(leases.held.toSorted(), ['process/2', 'process/3']);
  await assign([1, 2, 3]);
  assert.equal(done.at(-1), 'start 1', 'it may come back');
  await role.stop();
});

test('while another node has the lease, a partition waits', async () => {
  const { role, assign, done, leases } = await rig({ outlivesNode: true });
  await role.begin();
  const elsewhere = await leases.take('process/1');
  await assign([1]);
  assert.deepEqual([...role.state()], [[1, { state: 'waiting' }]]);
  await elsewhere.release();
  await settle();
  assert.deepEqual(done, ['start 1']);
  await role.stop();
});

test('a lost lease ends the work; it begins anew when the lease is to be had again', async () => {
  const { role, assign, done, leases } = await rig({ outlivesNode: true });
  await role.begin();
  await assign([1]);
  const elsewhere = leases.steal('process/1');
  await settle();
  assert.deepEqual(done, ['start 1', 'stop 1']);
  await elsewhere.release();
  await settle();
  assert.deepEqual(done, ['start 1', 'stop 1', 'start 1']);
  await role.stop();
});

test('work that fails begins anew; so does what could not start', async () => {
  const { role, assign, done, fail, refusals } = await rig({ outlivesNode: true });
  await role.begin();
  await assign([1]);
  refusals.push(new TributaryError('store_failed', 'The database is away'));
  await fail(1, new TributaryError('log_fenced', 'Another writer'));
  assert.deepEqual(done, ['start 1', 'stop 1', 'start 1']);
  await role.stop();
});

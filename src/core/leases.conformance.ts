import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Lease, Leases } from './lease.ts';

/**
 * What every set of leases promises where several may want one: `mine` and `others` are two holders' views of the
 * same leases. `loseTo` has another take a lease from its holder, whose time is over.
 */
export interface LeasesSubject {
  readonly mine: Leases;
  readonly others: Leases;
  loseTo(lease: Lease): Promise<Lease>;
}

const cases: Record<string, (subject: LeasesSubject) => Promise<void>> = {
  'a lease holds until it is released, and nobody else has it meanwhile': async (subject) => {
    const lease = await subject.mine.take('a');
    assert.deepEqual([lease.name, lease.holds(), lease.lost.aborted], ['a', true, false]);
    assert.equal(await subject.others.tryTake('a'), undefined);
    assert.equal(await subject.mine.tryTake('a'), undefined);
    assert.equal((await subject.others.tryTake('b'))?.holds(), true);
    await lease.release();
    assert.deepEqual([lease.holds(), lease.lost.aborted], [false, true]);
    await lease.release();
    assert.equal((await subject.others.tryTake('a'))?.holds(), true);
  },

  'who waits for a lease has it once it is released, under a higher epoch': async (subject) => {
    const lease = await subject.mine.take('a');
    const waiting = subject.others.take('a');
    await lease.release();
    const next = await waiting;
    assert.ok(next.holds() && next.epoch > lease.epoch);
    assert.equal(await subject.mine.tryTake('a'), undefined);
  },

  'who stops waiting hears why, and takes nothing': async (subject) => {
    const lease = await subject.mine.take('a');
    const stop = new AbortController();
    const waiting = subject.others.take('a', stop.signal);
    stop.abort('no longer');
    await assert.rejects(waiting, (reason) => reason === 'no longer');
    await lease.release();
    assert.ok((await subject.mine.tryTake('a'))?.holds());
    await assert.rejects(subject.mine.take('a', stop.signal), (reason) => reason === 'no longer');
  },

  'a lease that another has taken is lost for good, and its release is nothing': async (
    subject,
  ) => {
    const lease = await subject.mine.take('a');
    const next = await subject.loseTo(lease);
    assert.deepEqual([lease.holds(), lease.lost.aborted], [false, true]);
    assert.ok(next.holds() && next.epoch > lease.epoch);
    await lease.release();
    assert.ok(next.holds());
    assert.equal(await subject.mine.tryTake('a'), undefined);
  },
};

export function leasesConformance(name: string, open: () => LeasesSubject): void {
  describe(`${name} keep the contract of leases`, () => {
    for (const [rule, check] of Object.entries(cases)) it(rule, () => check(open()));
  });
}

import type { Lease, Leases } from './lease.ts';

/**
 * Does what one node does at a time, now or not at all: takes the lease, and gives it back when the work has ended. Undefined while
 * another owner has it. Rejects with `store_failed`, and as the work does.
 */
export async function withLease<Result>(
  leases: Leases,
  name: string,
  work: (lease: Lease) => Promise<Result>,
): Promise<Result | undefined> {
  const lease = await leases.tryTake(name);
  if (lease === undefined) return undefined;
  try {
    return await work(lease);
  } finally {
    await lease.release();
  }
}

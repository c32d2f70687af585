import { leasesConformance } from '../../core/leases.conformance.ts';
import { MemoryLeases } from './memory-leases.ts';

leasesConformance('leases in memory', () => {
  const leases = new MemoryLeases();
  return { mine: leases, others: leases, loseTo: async ({ name }) => leases.steal(name) };
});

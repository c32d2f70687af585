import { spawnSync } from 'node:child_process';
import type { Service } from './service.ts';

/** The load generator of the benchmark. */
export const wrk: Service = {
  name: 'wrk',
  packages: ['wrk'],
  neededBy: /^bench\//,
  find: () => (spawnSync('wrk', ['-v'], { stdio: 'ignore' }).error ? undefined : 'wrk'),
};

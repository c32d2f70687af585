import type { JobResult } from '../runner/job.ts';
import { chromium } from './chromium.ts';
import { faketime } from './faketime.ts';
import { kafka } from './kafka.ts';
import { postgres } from './postgres.ts';
import { ensure, type Service } from './service.ts';
import { systemd } from './systemd.ts';
import { go, java, python } from './toolchains.ts';

const services: readonly Service[] = [
  chromium,
  python,
  go,
  java,
  kafka,
  postgres,
  faketime,
  systemd,
];

/** Installs what these test files need and the machine lacks. */
export function ensureServices(files: readonly string[]): JobResult[] {
  return services
    .filter(({ neededBy }) => files.some((path) => neededBy.test(path)))
    .filter((service) => !ensure(service))
    .map(({ name }) => ({
      name: `service ${name}`,
      tests: [
        {
          name,
          outcome: 'skipped',
          reason: 'not here, and apt-get cannot install it: its tests are skipped',
        },
      ],
      seconds: 0,
      output: '',
    }));
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../rig/repository.ts';
import type { JobResult } from '../runner/job.ts';
import { chromium } from './chromium.ts';
import { ensure, type Service } from './service.ts';

const services: readonly Service[] = [chromium];

/** Installs what these test files import from `test/services` and the machine lacks. */
export function ensureServices(files: readonly string[]): JobResult[] {
  const texts = files.map((path) => readFileSync(join(repository, path), 'utf8'));
  return services
    .filter(({ name }) => texts.some((text) => text.includes(`services/${name}.ts`)))
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

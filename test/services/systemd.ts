import { spawnSync } from 'node:child_process';
import type { Service } from './service.ts';

/** Only its linter: no unit is ever started. */
export const systemd: Service = {
  name: 'systemd',
  packages: ['systemd'],
  neededBy: /^test\/deploy\/systemd/,
  find: () =>
    spawnSync('systemd-analyze', ['--version']).status === 0 ? 'systemd-analyze' : undefined,
};

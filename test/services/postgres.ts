import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { env } from '../env.ts';
import type { Service } from './service.ts';

/** Debian keeps each version in a folder of its own, outside the PATH. */
const versions = '/usr/lib/postgresql';

/** PostgreSQL's own programs: the tests start servers of their own, the system's is never touched. */
export const postgres: Service = {
  name: 'postgres',
  packages: ['postgresql'],
  neededBy: /^test\/(state|cluster|operating|warehouses)\/|^test\/deploy\/cluster|\(PostgreSQL\)$/,
  find: () => {
    const installed = existsSync(versions) ? readdirSync(versions) : [];
    const newest = installed.sort((one, other) => Number(other) - Number(one));
    const folders = newest.map((version) => join(versions, version, 'bin'));
    return [...folders, ...env.path.split(delimiter)].find((folder) =>
      ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))),
    );
  },
};

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Service } from './service.ts';

/** Debian keeps it in a folder of the architecture. */
const libraries = '/usr/lib';

/** A library, loaded before a program, that sets its clock. */
export const faketime: Service = {
  name: 'faketime',
  packages: ['libfaketime'],
  neededBy: /^test\/cluster\//,
  find: () => {
    const folders = readdirSync(libraries).map((name) => join(libraries, name, 'faketime'));
    return folders.map((folder) => join(folder, 'libfaketime.so.1')).find(existsSync);
  },
};

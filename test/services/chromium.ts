import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { env } from '../env.ts';
import type { Service } from './service.ts';

/** The browser of the end-to-end tests: Debian's own, which Playwright drives. */
export const chromium: Service = {
  name: 'chromium',
  packages: ['chromium'],
  neededBy: /^test\/e2e\/browser/,
  find: () => {
    const folders = env.path.split(delimiter);
    const usual = ['chromium', 'chromium-browser', 'google-chrome'].flatMap((name) =>
      folders.map((folder) => join(folder, name)),
    );
    return [...(env.chromium ? [env.chromium] : []), ...usual].find(isProgram);
  },
};

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

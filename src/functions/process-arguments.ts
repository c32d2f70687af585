import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('..', import.meta.url));
const modules = dirname(
  dirname(createRequire(import.meta.url).resolve('isolated-vm/package.json')),
);

/** The file that the process of functions runs. */
export const mainFile = join(source, 'functions', 'child', 'main.ts');

/**
 * How the process of functions is started: should code get out of its isolate all the same, it is in
 * a process without an environment that may read our source and its libraries, write nothing and
 * start nothing.
 */
export function processArguments(): string[] {
  // Where the packages are linked to, Node looks at the link as well.
  const link = join(source, '..', 'node_modules');
  const readable = [
    ...new Set([source, modules, realpathSync(source), realpathSync(modules), link]),
  ];
  return [
    '--permission',
    '--allow-addons',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--allow-fs-read=${join(source, '..', 'package.json')}`,
    // Whether the machine's C library is musl: which binary of isolated-vm fits.
    '--allow-fs-read=/etc/alpine-release',
    '--max-old-space-size=256',
    '--no-warnings',
  ];
}

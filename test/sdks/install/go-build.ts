import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { install, installed } from './cache.ts';

/**
 * Builds the program of a folder, and of files that others have too, with the modules its go.mod and
 * go.sum pin; returns the program.
 */
export function goBuild(name: string, folder: string, ...shared: readonly string[]): string {
  const own = readdirSync(folder).map((file) => join(folder, file));
  const files = [...own, ...shared];
  const recipe = files.map((file) => readFileSync(file, 'utf8'));
  const place = installed(`go-${name}`, recipe, (into) => {
    for (const file of files) copyFileSync(file, join(into, basename(file)));
    install('go', ['build', '-o', join(into, 'program'), '.'], into);
  });
  return join(place, 'program');
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, installed } from './cache.ts';

/** Builds the program of a folder with the modules its go.mod and go.sum pin; returns the program. */
export function goBuild(name: string, folder: string): string {
  const sources = ['go.mod', 'go.sum', 'main.go'];
  const recipe = sources.map((file) => readFileSync(join(folder, file), 'utf8'));
  const place = installed(`go-${name}`, recipe, (into) => {
    install('go', ['build', '-o', join(into, 'program'), '.'], folder);
  });
  return join(place, 'program');
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { install, installed } from './cache.ts';

const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--loglevel=error'];

/** Installs a package of npm with what it needs, apart from our own; returns its folder. */
export function npm(name: string, version: string): string {
  const requirement = `${name}@${version}`;
  const place = installed(`npm-${requirement.replace(/\W+/g, '-')}`, [requirement], (folder) => {
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    install('npm', ['install', ...flags, requirement], folder);
  });
  return join(place, 'node_modules', name);
}

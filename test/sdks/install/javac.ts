import { readFileSync } from 'node:fs';
import { basename, delimiter } from 'node:path';
import { install, installed } from './cache.ts';
import { maven } from './maven.ts';

/** A JVM that lives for seconds: compiling well would cost it more than it saves. */
const shortLived = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/**
 * Compiles a program of one file against `group:artifact:version` and all that needs; returns the arguments
 * with which `java` runs it. Compiled by each JVM that starts it, it costs seconds each time.
 */
export function javac(file: string, library: string): readonly string[] {
  const libraries = maven(library);
  const name = basename(file, '.java');
  const recipe = [readFileSync(file, 'utf8'), library];
  const classes = installed(`java-${name}`, recipe, (folder) => {
    install('javac', ['-nowarn', '-cp', libraries, '-d', folder, file], folder);
  });
  return [...shortLived, '-cp', [classes, libraries].join(delimiter), name];
}

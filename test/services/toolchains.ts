import { spawnSync } from 'node:child_process';
import type { Service } from './service.ts';

/** The languages whose official SDKs are run: each with the tool that installs from its registry. */
function toolchain(
  name: string,
  neededBy: RegExp,
  packages: readonly string[],
  ...proofs: readonly (readonly [string, ...string[]])[]
): Service {
  const works = ([program, ...args]: readonly [string, ...string[]]) =>
    spawnSync(program, args, { stdio: 'ignore' }).status === 0;
  return { name, packages, neededBy, find: () => (proofs.every(works) ? name : undefined) };
}

export const python = toolchain(
  'python',
  /^test\/(sdks\/python|archive\/|warehouses\/)/,
  ['python3', 'python3-pip'],
  ['python3', '-m', 'pip', '--version'],
);

export const go = toolchain('go', /^test\/(sdks\/go|deploy\/)/, ['golang-go'], ['go', 'version']);

export const java = toolchain(
  'java',
  /^test\/sdks\/(java|kotlin)/,
  ['default-jdk-headless', 'maven'],
  ['javac', '-version'],
  ['mvn', '--version'],
);

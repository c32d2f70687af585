/** The house rules. Each rule proves on a planted violation that it can fail. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { filesUnder } from './files.ts';
import { repository } from './rig/repository.ts';
import { arrows, arrowsIn, crossings } from './tidy/arrows.ts';
import { badName, banned } from './tidy/bans.ts';
import { missingOptional, readLockFile } from './tidy/lock-file.ts';
import { machinePaths } from './tidy/machine-paths.ts';
import { readSources, source } from './tidy/source.ts';

const ours = readSources('src');
const all = [...ours, ...readSources('test', 'bench')];
const read = (path: string) => readFileSync(join(repository, path), 'utf8');
const clean = (problems: readonly string[]) => assert.equal(problems.join('\n'), '');
const finds = (problems: readonly string[]) =>
  assert.equal(problems.length, 1, problems.join('\n'));

test('the rules see the files they are about', () => {
  assert.ok(ours.length > 50, `only ${ours.length} files under src`);
  assert.ok(all.length > ours.length, 'no files under test and bench');
});

test('imports follow the arrows: core <- features and storage <- app', () => {
  clean(ours.flatMap(crossings));
  const planted = (path: string, line: string) => crossings(source(path, line));
  finds(planted('src/deliver/x.ts', "import { a } from '../process/a.ts';"));
  finds(planted('src/core/x.ts', "import type { A } from '../storage/a.ts';"));
  finds(planted('src/core/x.ts', "export * from '../app/a.ts';"));
  finds(planted('src/ingest/x.ts', "const a = await import('../control/a.ts');"));
  finds(planted('src/ingest/x.ts', "import { a } from '../../test/files.ts';"));
  finds(planted('src/ingest/x.ts', "import { a } from './testing/a.ts';"));
  clean(planted('src/process/x.test.ts', "import { a } from '../storage/log/a.ts';"));
});

test('every folder under src is in the table of arrows, and docs/architecture.md shows that table', () => {
  const folders = readdirSync(join(repository, 'src'), { withFileTypes: true });
  assert.ok(
    folders.every((entry) => entry.isDirectory()),
    'src holds folders only',
  );
  assert.deepEqual(folders.map(({ name }) => name).sort(), Object.keys(arrows).sort());
  assert.deepEqual(arrowsIn(read('docs/architecture.md')), arrows);
});

test('no file is longer than 400 lines', () => {
  const long = (path: string, text: string) => {
    const lines = text.split('\n').length - 1;
    return lines > 400 ? [`${path}: ${lines} lines: split it by what changes together`] : [];
  };
  clean(all.flatMap(({ path, text }) => long(path, text)));
  finds(long('src/x.ts', 'line\n'.repeat(401)));
});

test('names say what a file is', () => {
  clean(all.flatMap(({ path }) => badName(path)));
  for (const name of ['src/core/utils.ts', 'src/helpers/a.ts', 'src/app/log-manager.ts']) {
    finds(badName(name));
  }
});

test('banned words stand only where they may', () => {
  clean(all.flatMap(banned));
  const planted = (line: string, path = 'src/core/x.ts') => banned(source(path, line));
  for (const line of [
    'const a = process.env.HOME;',
    'const now = Date.now();',
    'const now = new Date();',
    'setTimeout(f, 1);',
    "import { setTimeout as sleep } from 'node:timers/promises';",
    'const r = Math.random();',
    "console.log('x');",
    "throw new Error('x');",
    'const a: any = 1;',
    'f(x as any);',
    "import Type, { type Static } from 'typebox';",
    '// @ts-ignore',
    '// TODO later',
  ]) {
    assert.ok(planted(line).length > 0, line);
  }
  clean(planted("const text = 'process.env and any: any'; // Date.now()"));
  clean(planted("import type { Static } from 'typebox';"));
  clean(planted('export const now = () => Date.now();', 'src/core/clock.ts'));
});

test('nothing names a machine, a registry, or what a clone does not have', () => {
  const top = readdirSync(repository).filter((name) => statSync(join(repository, name)).isFile());
  const files = [...top, ...filesUnder('src', 'test', 'bench', 'bin', 'docs', 'deploy', '.ci')];
  assert.ok(files.length > 50);
  clean(files.flatMap((path) => machinePaths(path, read(path))));
  finds(machinePaths('x', `see ${['', 'work', 'x'].join('/')}`));
  finds(machinePaths('x', `see ${['..', 'shared'].join('/')}`));
});

test('every dependency is pinned, and has its line with its version in docs/dependencies.md', () => {
  const { dependencies, devDependencies, optionalDependencies } = readLockFile().packages[''] ?? {};
  const declared = { ...dependencies, ...devDependencies, ...optionalDependencies };
  const manifest = JSON.parse(read('package.json'));
  assert.deepEqual(declared, {
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  });
  for (const [name, version] of Object.entries(declared)) {
    assert.match(version, /^\d+\.\d+\.\d+(-[\w.-]+)?$/, `${name} is not pinned`);
  }
  const rows = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)` \| (\S+) \|/gm)];
  const documented = Object.fromEntries(rows.map(([, name, version]) => [name, version]));
  assert.deepEqual(documented, declared);
});

test('the Node of .node-version is the pinned one', () => {
  const pinned = readLockFile().packages['']?.optionalDependencies ?? {};
  assert.deepEqual([...new Set(Object.values(pinned))], [read('.node-version').trim()]);
});

test('package-lock.json holds no address and names every optional package', () => {
  const lock = readLockFile();
  const addressed = Object.entries(lock.packages).filter(
    ([, { resolved }]) => resolved !== undefined,
  );
  clean(addressed.map(([path]) => `${path} has a resolved address: see .npmrc`));
  clean(
    [...missingOptional(lock).keys()].map(
      (path) => `${path} is missing: run bin/run --dev test/tidy/lock-file.ts`,
    ),
  );
  finds([
    ...missingOptional({
      packages: { '': { optionalDependencies: { 'a-linux-x64': '1.0.0' } } },
    }).keys(),
  ]);
});

test('the README leads with the two commands', () => {
  const commands = [...read('README.md').matchAll(/^npm (start|test)\b/gm)].map(([line]) => line);
  assert.deepEqual(commands.slice(0, 2), ['npm start', 'npm test']);
});

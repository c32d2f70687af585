/** The linters are told to find what would lose events; here they prove that they do. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { repository } from './rig/repository.ts';

/** What a linter says about these files under the repository's own configuration. */
function lint(files: Readonly<Record<string, string>>, script: string, ...args: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-lint-'));
  for (const name of ['biome.json', '.oxlintrc.json', 'tsconfig.json']) {
    copyFileSync(join(repository, name), join(folder, name));
  }
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'src'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'src', name), text);
  const program = join(repository, 'node_modules', script);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  assert.equal(status, 1, stdout + stderr);
  // Some print in colour when CI is set, whatever they are told.
  return stripVTControlCharacters(stdout + stderr);
}

test('Biome finds a cycle of imports, also one of types only', () => {
  const said = lint(
    {
      'a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
      'b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
      'c.ts': "import type { D } from './d.ts';\nexport type C = D | 1;\n",
      'd.ts': "import type { C } from './c.ts';\nexport type D = C | 2;\n",
    },
    ...(['@biomejs/biome/bin/biome', 'lint', '--vcs-enabled=false', 'src'] as const),
  );
  for (const file of ['a.ts', 'b.ts', 'c.ts', 'd.ts']) assert.match(said, new RegExp(`${file}:1:`));
  assert.match(said, /noImportCycles/);
});

test('oxlint finds promises that nobody waits for, of ours, of Node and of packages', () => {
  const said = lint(
    {
      'a.ts': [
        "import { rm } from 'node:fs/promises';",
        "import type { Kysely } from 'kysely';",
        'async function own() {}',
        'export function floats(db: Kysely<{ t: { a: string } }>, list: readonly (() => Promise<void>)[]) {',
        '  own();',
        "  rm('x');",
        "  db.deleteFrom('t').execute();",
        '  for (const each of list) each();',
        '  list.forEach(async (each) => each());',
        "  process.on('exit', async () => own());",
        '}',
      ].join('\n'),
    },
    ...(['oxlint/bin/oxlint', '--type-aware', 'src'] as const),
  );
  for (const line of [5, 6, 7, 8, 9, 10]) assert.match(said, new RegExp(`a\\.ts:${line}:`), said);
});

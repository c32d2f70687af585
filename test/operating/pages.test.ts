/** The pages of docs/operating: what they name is there. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { errorTable } from '../../src/core/errors.ts';
import { unknownKeys } from '../deploy/lint.ts';
import { filesUnder } from '../files.ts';
import { repository } from '../rig/repository.ts';

const pages = filesUnder('docs/operating');
const read = (path: string) => readFileSync(join(repository, path), 'utf8');
const all = pages.map(read).join('\n');

test('the pages are those that a cluster and a single node need', () => {
  const names = ['backup', 'disaster', 'install', 'monitoring', 'upgrade'];
  for (const name of names) assert.ok(pages.includes(`docs/operating/${name}.md`), name);
});

test('every link leads somewhere, also to a heading', () => {
  for (const page of pages) {
    for (const [, target = ''] of read(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : relative(repository, join(repository, dirname(page), path));
      assert.ok(existsSync(join(repository, file)), `${page}: ${target}`);
      if (anchor !== undefined) {
        assert.ok(anchorsOf(read(file)).includes(anchor), `${page}: ${target}`);
      }
    }
  }
});

test('every key, metric, error code and command in them exists', () => {
  assert.deepEqual(unknownKeys(all), []);
  const metrics = read('docs/reference/metrics.md');
  const named = [...all.matchAll(/\btributary_(?!work\b)[a-z_]+/g)].map(([name]) => name);
  assert.ok(named.length > 5);
  assert.deepEqual(
    named.filter((name) => !metrics.includes(`| \`${name}\` |`)),
    [],
  );
  const commands = filesUnder('src/app/cli').map(read).join('\n');
  for (const [, command = ''] of all.matchAll(/bin\/tributary ([a-z]+)/g)) {
    assert.ok(commands.includes(`command('${command}')`), command);
  }
  const codes = [...all.matchAll(/\b(?:log_corrupt|schema_too_new)\b/g)].map(([code]) => code);
  assert.ok(codes.length > 1);
  assert.deepEqual(
    codes.filter((code) => !Object.hasOwn(errorTable, code)),
    [],
  );
});

test('what they quote of the log is what the program says', () => {
  const sources = filesUnder('src')
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map(read)
    .join('\n');
  for (const words of [
    'the log ends before what was read of it',
    'The secrets in the state store are sealed with another key',
  ]) {
    assert.ok(all.includes(`\`${words}`), words);
    assert.ok(sources.includes(words), words);
  }
});

/** As GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { tempFolder } from './rig/temp-folder.ts';
import { fileJob } from './runner/job.ts';

/** What the runner has to say of a test file with this text: of each test, how it ended and why. */
async function outcomesOf(text: string): Promise<string[]> {
  const folder = await tempFolder('runner');
  const path = join(folder.path, 'case.test.ts');
  writeFileSync(
    path,
    `import { test } from 'node:test';\nimport assert from 'node:assert/strict';\n${text}`,
  );
  const { tests } = await fileJob(path, 60_000).run();
  await folder.remove();
  return tests.map(({ name, outcome, reason }) => [outcome, name, reason].join(' | '));
}

test('a failed test is told with its message, what caused it, and no more than twelve lines', async () => {
  const [passed, equal, caused, long] = await outcomesOf(`
test('passes', () => {});
test('differs', () => assert.equal(1, 2));
test('is caused', () => {
  throw new Error('not within 5 ms: it is there', { cause: new RangeError('nobody answers') });
});
test('is long', () => assert.equal('a\\n'.repeat(500), 'b'.repeat(5_000)));
`);
  assert.equal(passed, 'passed | passes | ');
  assert.match(equal ?? '', /^failed \| differs \| Expected values.*\n\n?1 !== 2/s);
  assert.match(caused ?? '', /it is there\nnobody answers$/m);
  const lines = long?.split('\n') ?? [];
  assert.equal(lines.length, 12);
  assert.ok(lines.every((line) => line.length <= 320));
});

test('a test that fails with others of its own leaves the reason to them', async () => {
  const told = await outcomesOf(`
test('outer', async (t) => {
  await t.test('inner', () => assert.equal(1, 2));
});
`);
  assert.match(told[0] ?? '', /^failed \| inner \| Expected/);
  assert.equal(told[1], 'failed | outer | ');
});

test('a file that does not load is told with the end of what it printed', async () => {
  const [told] = await outcomesOf("throw new Error('it does not load');");
  assert.match(told ?? '', /^failed \| .*it does not load/s);
});

test('a skipped test is told with its reason', async () => {
  assert.deepEqual(await outcomesOf("test('waits', { skip: 'no disk' });"), [
    'skipped | waits | no disk',
  ]);
});

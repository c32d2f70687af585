/**
 * A reporter of node:test for machines: one JSON line for each test that ended. Suites are left out,
 * since their tests are counted.
 */
import type { TestEvent } from 'node:test/reporters';

export interface TestLine {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped, or the first line of its failure. */
  readonly reason?: string;
}

export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { name, skip, todo, details } = event.data;
    if (details.type === 'suite' && event.type === 'test:pass') continue;
    yield `${JSON.stringify(line(name, event.type === 'test:pass', skip ?? todo))}\n`;
  }
}

function line(name: string, passed: boolean, skip: string | boolean | undefined): TestLine {
  if (skip === undefined || skip === false) return { name, outcome: passed ? 'passed' : 'failed' };
  return { name, outcome: 'skipped', reason: typeof skip === 'string' ? skip : 'no reason given' };
}

/**
 * A reporter of node:test for machines: one JSON line for each test that ended. Suites are left out,
 * since their tests are counted.
 */
import type { TestEvent } from 'node:test/reporters';
import { explain } from './explain.ts';

export interface TestLine {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped, or the first lines of its failure. */
  readonly reason?: string;
}

export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    if (event.type === 'test:fail') {
      const { name, details } = event.data;
      yield json({ name, outcome: 'failed', reason: explain(details.error) });
    }
    if (event.type !== 'test:pass') continue;
    const { name, skip, details } = event.data;
    if (details.type === 'suite') continue;
    if (skip === undefined || skip === false) yield json({ name, outcome: 'passed' });
    else yield json({ name, outcome: 'skipped', reason: skip === true ? 'no reason given' : skip });
  }
}

const json = (line: TestLine) => `${JSON.stringify(line)}\n`;

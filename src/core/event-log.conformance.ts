import { describe, it } from 'node:test';
import { type Clock, systemClock } from './clock.ts';
import type { LogSubject } from './event-log-conformance/log-case.ts';
import { readCases } from './event-log-conformance/read-cases.ts';
import { restartCases } from './event-log-conformance/restart-cases.ts';
import { retentionCases } from './event-log-conformance/retention-cases.ts';
import { writeCases } from './event-log-conformance/write-cases.ts';

export type { LogSubject } from './event-log-conformance/log-case.ts';

const cases = { ...writeCases, ...readCases, ...restartCases, ...retentionCases };

/**
 * What every log engine promises, as named cases. `open` gives an empty deployment that stamps its
 * commits with `clock.now()`. Units of retention should be a few kilobytes, so that trimming shows.
 */
export function eventLogConformance(
  name: string,
  open: (clock: Clock) => Promise<LogSubject>,
): void {
  describe(`${name} keeps the contract of a log`, () => {
    for (const [rule, check] of Object.entries(cases)) {
      it(rule, async () => {
        const time = { now: 1_000_000 };
        const subject = await open({ ...systemClock, now: () => time.now });
        try {
          await check(subject, time);
        } finally {
          await subject.cleanup();
        }
      });
    }
  });
}

import { describe, type TestContext, test } from 'node:test';
import { batchesArrive, sixCallsArrive } from './arrives.ts';
import { fullDiskIsSurvived, rateLimitIsSurvived } from './refused-by-the-server.ts';
import { closesWhileWaiting, comesBack } from './refused-on-the-way.ts';
import type { Sdk } from './sdk.ts';

type Rules = Readonly<Record<string, (t: TestContext, sdk: Sdk) => Promise<void>>>;

const sixCalls: Rules = {
  'the six calls, closed right after the last, arrive once, in order, with their fields':
    sixCallsArrive,
};

/**
 * The tests that an SDK passes which runs unmodified: against a real server, with its facts. `calls` are
 * those of its calls. Each test has a server of its own, and waits most of its time.
 */
export function behavesAsPublished(sdk: Sdk, calls: Rules = sixCalls): void {
  const { after429, after503, name, skip, whenClosed } = sdk;
  const rules: Rules = {
    ...calls,
    'above the rate limit of its source it is told 429, comes back, and nothing is lost':
      rateLimitIsSurvived,
    'while the disk is full it is told 503, comes back, and nothing is lost': fullDiskIsSurvived,
    [`after a 429 it comes back after ${after429}`]: (t) => comesBack(t, sdk, 429),
    [`after a 503 it comes back after ${after503}; what the server had taken is delivered once`]: (
      t,
    ) => comesBack(t, sdk, 503),
    '250 calls are sent in batches of 100, and arrive once': batchesArrive,
    ...(whenClosed && {
      [`closed while calls wait for a retry, it ${whenClosed}`]: closesWhileWaiting,
    }),
  };
  describe(name, { concurrency: 4 }, () => {
    for (const [rule, run] of Object.entries(rules)) {
      test(`${name}: ${rule}`, { skip }, (t) => run(t, sdk));
    }
  });
}

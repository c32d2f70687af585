import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type FunctionInvocation, type FunctionOutcome, notRun } from '../../core/functions.ts';
import { limits } from '../../core/limits.ts';
import { silentLogger } from '../../core/logger.ts';
import { ManualClock } from '../../core/testing/manual-clock.ts';
import { freshStores } from '../../storage/testing/fresh-stores.ts';
import { recordInvocations } from './record-invocations.ts';

async function stand(t: TestContext) {
  const store = await freshStores().openWork();
  const clock = new ManualClock();
  let outcome: FunctionOutcome = { kind: 'done' };
  let logs: readonly string[] = [];
  let random = 0;
  const functions = recordInvocations(
    {
      invoke: async () => ({
        ...notRun('retry', ''),
        outcome,
        logs: logs.map((text) => ({ level: 'log', text }) as const),
        durationMs: 1.4,
      }),
      stop: async () => undefined,
    },
    {
      ...{ store, clock, logger: silentLogger },
      randomHex: () => (random++).toString(16).padStart(12, '0'),
    },
  );
  t.after(() => store.close());
  const invoke = (instance = 'dest', more: Partial<FunctionInvocation> = {}) =>
    functions.invoke({
      version: { id: 'v1', kind: 'destination', code: '' },
      ...{ instance, settings: {}, input: { kind: 'event', type: 'track', text: '{}' } },
      ...more,
    });
  const rows = () => store.db.selectFrom('function_invocation').selectAll().orderBy('id').execute();
  return {
    ...{ clock, invoke, rows },
    says: (next: FunctionOutcome, ...lines: readonly string[]) => {
      outcome = next;
      logs = lines;
    },
    stop: () => functions.stop(),
  };
}

test('what failed or has logged is written down, with what it said', async (t) => {
  const { clock, invoke, rows, says, stop } = await stand(t);
  await invoke();
  says({ kind: 'failed', failure: 'bad_request', message: 'no such thing' });
  await invoke();
  says({ kind: 'done' }, 'a line');
  await invoke('other');
  await invoke('other', { trial: true });
  await stop();
  assert.deepEqual(
    (await rows()).map(({ id, ...row }) => row),
    [
      {
        ...{ instance: 'dest', version: 'v1', at: clock.now(), handler: 'onTrack' },
        ...{ failure: 'bad_request', message: 'no such thing', logs: '[]' },
        ...{ logs_cut: 0, duration_ms: 1 },
      },
      {
        ...{ instance: 'other', version: 'v1', at: clock.now(), handler: 'onTrack' },
        ...{ failure: null, message: '', logs: '[{"level":"log","text":"a line"}]' },
        ...{ logs_cut: 0, duration_ms: 1 },
      },
    ],
  );
});

test('of each place the last are kept, and nothing for longer than its time', async (t) => {
  const { clock, invoke, rows, says, stop } = await stand(t);
  says({ kind: 'done' }, 'old');
  await invoke('quiet');
  await invoke('busy');
  clock.advance(limits.functionInvocationsMs);
  for (let n = 0; n < limits.functionInvocations + 20; n += 1) {
    says({ kind: 'done' }, `line ${n}`);
    await invoke('busy');
    if (n === 50) clock.advance(limits.functionInvocationsEveryMs);
  }
  await stop();
  const kept = await rows();
  assert.equal(kept.length, limits.functionInvocations);
  assert.ok(kept.every(({ instance }) => instance === 'busy'));
  assert.match(kept.at(-1)?.logs ?? '', /line 119/);
});

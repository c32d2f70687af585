import { systemClock } from '../../src/core/clock.ts';
import type { FunctionInvocation } from '../../src/core/functions.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { createFunctions } from '../../src/functions/create-functions.ts';
import { processTree } from '../../test/rig/process-tree.ts';
import type { Section } from '../bench.ts';
import { type Finding, finding } from '../finding.ts';

const event = JSON.stringify({
  type: 'track',
  event: 'Order Completed',
  messageId: 'm1',
  userId: 'u1',
  properties: Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`key${n}`, `value ${n}`])),
});

const cases = [
  { name: 'trivial', code: 'async function onTrack(event, settings) {}', bar: true },
  { name: 'one fetch', code: 'const onTrack = () => fetch("http://a.test")', bar: false },
];

export const functions: Section = {
  name: 'functions',
  about: 'invocations a second and core, CPU of both processes counted, by how many are under way',
  run: async (bench) => {
    const http = { request: async () => ({ status: 200, headers: {}, body: '' }) };
    const engine = createFunctions({ http, clock: systemClock, logger: silentLogger });
    const findings: Finding[] = [];
    try {
      for (const { name, code, bar } of cases) {
        const invocation: FunctionInvocation = {
          version: { id: name, kind: 'destination', code },
          instance: 'bench',
          settings: { apiKey: 'k' },
          input: { kind: 'event', type: 'track', text: event },
        };
        for (const underWay of [1, 16, 64]) {
          const round = async (count: number): Promise<number> => {
            const before = cpuSeconds();
            let left = count;
            const worker = async (): Promise<void> => {
              while (left-- > 0) {
                const { outcome } = await engine.invoke(invocation);
                if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
              }
            };
            await Promise.all(Array.from({ length: underWay }, worker));
            return count / (cpuSeconds() - before);
          };
          await round(2_000);
          const values: number[] = [];
          for (let n = 0; n < bench.rounds; n += 1) values.push(await round(10_000));
          const what = `functions: ${name}, ${underWay} under way`;
          // One at a time, each invocation pays for four threads that wake.
          const more = bar && underWay > 1 ? { bar: { atLeast: 5_000 } } : {};
          findings.push(finding(what, 'a second and core', values, more));
        }
      }
    } finally {
      await engine.stop();
    }
    return findings;
  },
};

/** Of this process and those below it. */
function cpuSeconds(): number {
  return processTree(process.pid).reduce((sum, fact) => sum + fact.cpuSeconds, 0);
}

/** The process in which users' code runs. Started by function-process.ts, which ends it when it goes silent. */
import { memoryUsage } from 'node:process';
import { systemClock } from '../../core/clock.ts';
import { Outbox } from '../outbox.ts';
import type { FetchAnswer, FromFunctions, FunctionBounds, ToFunctions } from '../protocol.ts';
import { Isolates } from './isolates.ts';

const outbox = new Outbox<FromFunctions>((messages) => process.send?.(messages));
const running = new Map<number, AbortController>();
const fetches = new Map<number, (answer: FetchAnswer) => void>();
let lastFetch = 0;
let isolates: Isolates | undefined;

process.title = 'tributary functions';
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (messages: readonly ToFunctions[]) => {
  for (const message of messages) hear(message);
});

function hear(message: ToFunctions): void {
  switch (message.kind) {
    case 'start':
      isolates = open(message.bounds);
      break;
    case 'version':
      isolates?.learn(message.version);
      break;
    case 'forget':
      isolates?.forget(message.version);
      break;
    case 'invoke': {
      const { job } = message;
      const abort = new AbortController();
      running.set(job.id, abort);
      isolates?.invoke({
        job,
        signal: abort.signal,
        done: (report) => {
          running.delete(job.id);
          outbox.post({ kind: 'result', id: job.id, report });
        },
      });
      break;
    }
    case 'cancel':
      running.get(message.id)?.abort();
      break;
    case 'answer': {
      const done = fetches.get(message.id);
      fetches.delete(message.id);
      done?.(message.answer);
      break;
    }
    case 'ping':
      isolates?.sweep();
      outbox.post({ kind: 'pong', residentBytes: memoryUsage.rss() });
      break;
  }
}

function open(bounds: FunctionBounds): Isolates {
  return new Isolates({
    bounds,
    clock: systemClock,
    outside: (job) => ({
      fetch: (call, withinMs, done) => {
        lastFetch += 1;
        fetches.set(lastFetch, done);
        outbox.post({ kind: 'fetch', id: lastFetch, job, call, withinMs });
        return lastFetch;
      },
      abandon: (id) => {
        if (fetches.delete(id)) outbox.post({ kind: 'abandon', id });
      },
    }),
  });
}

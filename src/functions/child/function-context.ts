import ivm from 'isolated-vm';
import type { Clock } from '../../core/clock.ts';
import { functionHandlers } from '../../core/functions.ts';
import type { JsonObject } from '../../core/json.ts';
import type { FetchAnswer, FetchCall, FunctionBounds } from '../protocol.ts';
import { hostCall, told } from './host-call.ts';
import { parsedObject } from './parsed-object.ts';
import { CallProblem, numberOf } from './read-call.ts';
import { readFetch } from './read-fetch.ts';

/** How an invocation ended. Text is what the guest's `run` yields; `why` otherwise. */
export type Ended =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: 'wall' | 'cpu' | 'memory' | 'gone' | 'cancelled' }
  /** A promise that nobody waits for was rejected. */
  | { readonly ok: false; readonly why: 'unhandled'; readonly error: string };

/** The way out of a context: to the process that started this one. */
export interface Outside {
  /** Sends a request; `done` is called once, unless it is abandoned. */
  fetch(call: FetchCall, withinMs: number, done: (answer: FetchAnswer) => void): number;
  abandon(id: number): void;
}

export interface ContextOptions {
  readonly isolate: ivm.Isolate;
  readonly guest: ivm.Script;
  readonly code: ivm.Script;
  readonly bounds: FunctionBounds;
  readonly clock: Clock;
}

interface Running {
  readonly until: number;
  readonly outside: Outside;
  /** Requests under way: the guest's id to the one outside. */
  readonly fetches: Map<number, number>;
  readonly timers: Map<number, () => void>;
  requests: number;
}

const handlersExpression = `({${functionHandlers
  .map((name) => `${name}: typeof ${name} === 'function' ? ${name} : undefined`)
  .join(', ')}})`;

/** Timers of one invocation that may be pending. */
const mostTimers = 1_000;

/** One realm with the code loaded: its global variables last, and it runs one invocation at a time. */
export class FunctionContext {
  readonly #context: ivm.Context;
  readonly #entry: Record<'run' | 'resume' | 'drain', ivm.Reference>;
  readonly #options: ContextOptions;
  readonly #holder: RunningHolder;

  private constructor(
    options: ContextOptions,
    context: ivm.Context,
    entry: Record<'run' | 'resume' | 'drain', ivm.Reference>,
    holder: RunningHolder,
  ) {
    this.#options = options;
    this.#context = context;
    this.#entry = entry;
    this.#holder = holder;
  }

  /** Rejects with what the code throws outside of its handlers, or with what isolated-vm says. */
  static async open(options: ContextOptions): Promise<FunctionContext> {
    const { isolate, guest, code, bounds } = options;
    const timeout = bounds.cpuMs;
    const holder: RunningHolder = { ids: 0, current: undefined, resume: () => undefined };
    const context = await isolate.createContext();
    const start: ivm.Reference = await guest.run(context, { reference: true, timeout });
    const callback = new ivm.Callback(
      (operation: unknown, ...values: unknown[]) => answerCall(holder, options, operation, values),
      { sync: true },
    );
    const made: ivm.Reference = await start.apply(undefined, [callback], {
      result: { reference: true },
      timeout,
    });
    const part = (name: string): Promise<ivm.Reference> => made.get(name, { reference: true });
    const [use, run, resume, drain] = await Promise.all([
      part('use'),
      part('run'),
      part('resume'),
      part('drain'),
    ]);
    await code.run(context, { timeout });
    const found = await context.eval(handlersExpression, { reference: true, timeout });
    await use.apply(undefined, [found.derefInto()], { timeout });
    return new FunctionContext(options, context, { run, resume, drain }, holder);
  }

  /** Runs one handler. Never rejects. When it ends other than `ok`, the context is not to be used again. */
  async run(
    job: { handler: string; input: string; settings: string; batch: boolean },
    outside: Outside,
    signal: AbortSignal,
  ): Promise<Ended> {
    const { isolate, bounds, clock } = this.#options;
    const { promise, resolve } = Promise.withResolvers<Ended>();
    const running: Running = {
      until: clock.monotonic() + bounds.wallMs,
      outside,
      fetches: new Map(),
      timers: new Map(),
      requests: 0,
    };
    const holder = this.#holder;
    holder.current = running;
    holder.resume = (id, answer) => {
      if (holder.current !== running) return;
      // isolated-vm takes whole milliseconds only.
      const left = Math.ceil(running.until - clock.monotonic());
      const timeout = Math.max(1, Math.min(bounds.cpuMs, left));
      this.#entry.resume
        .apply(undefined, [id, answer], { arguments: { copy: true }, timeout })
        .catch((error: unknown) => resolve(endedBy(error, isolate)));
    };
    const cancelTimer = clock.after(bounds.wallMs, () => resolve({ ok: false, why: 'wall' }));
    const onAbort = (): void => resolve({ ok: false, why: 'cancelled' });
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort);
    this.#entry.run
      .apply(undefined, [job.handler, job.input, job.settings, job.batch], {
        timeout: Math.min(bounds.cpuMs, bounds.wallMs),
        result: { promise: true, copy: true },
      })
      .then(
        (text: unknown) => resolve({ ok: true, text: String(text) }),
        (error: unknown) => {
          // Nothing holds the promise any more that the handler waits for: it will not end, and its time runs out.
          if (isAbandoned(error) && !isolate.isDisposed) return;
          resolve(endedBy(error, isolate));
        },
      );
    const ended = await promise;
    cancelTimer();
    signal.removeEventListener('abort', onAbort);
    holder.current = undefined;
    for (const cancel of running.timers.values()) cancel();
    // What a handler that has finished did not wait for is sent all the same.
    if (!ended.ok) for (const id of running.fetches.values()) outside.abandon(id);
    return ended;
  }

  /** The logs of an invocation that was cut off, if they are to be had at once. */
  async drain(): Promise<JsonObject | undefined> {
    const { clock } = this.#options;
    const late = new Promise<undefined>((resolve) =>
      clock.after(drainMs, () => resolve(undefined)),
    );
    const text: unknown = await Promise.race([
      this.#entry.drain.apply(undefined, [], { timeout: drainMs }).catch(() => undefined),
      late,
    ]);
    return typeof text === 'string' ? parsedObject(text) : undefined;
  }

  release(): void {
    if (!this.#options.isolate.isDisposed) this.#context.release();
  }
}

const drainMs = 100;

interface RunningHolder {
  ids: number;
  current: Running | undefined;
  resume: (id: number, answer: readonly unknown[]) => void;
}

/** Of a promise that was collected as garbage before it was resolved. */
function isAbandoned(error: unknown): boolean {
  return error instanceof Error && error.message === 'Promise was abandoned';
}

/** What isolated-vm rejects with, as it words it. */
function endedBy(error: unknown, isolate: ivm.Isolate): Ended {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('timed out')) return { ok: false, why: 'cpu' };
  if (message.includes('memory limit')) return { ok: false, why: 'memory' };
  if (isolate.isDisposed) return { ok: false, why: 'gone' };
  const name = error instanceof Error ? `${error.name}: ` : '';
  return { ok: false, why: 'unhandled', error: name + message };
}

/** One call of the guest. */
function answerCall(
  holder: RunningHolder,
  { bounds, clock }: ContextOptions,
  operation: unknown,
  values: readonly unknown[],
): unknown {
  if (typeof operation !== 'string') return undefined;
  const { current } = holder;
  if (!isTimed(operation)) return hostCall(operation, values);
  if (current === undefined) {
    return { problem: 'Requests and timers are for the time of an invocation' };
  }
  return told(() => {
    const [first] = values;
    if (operation === 'clear') {
      const id = numberOf(first, 0, Number.MAX_SAFE_INTEGER);
      current.timers.get(id)?.();
      current.timers.delete(id);
      return undefined;
    }
    if (operation === 'abandon') {
      const given = numberOf(first, 0, Number.MAX_SAFE_INTEGER);
      const outer = current.fetches.get(given);
      if (outer !== undefined) current.outside.abandon(outer);
      current.fetches.delete(given);
      return undefined;
    }
    holder.ids += 1;
    const id = holder.ids;
    if (operation === 'timer') {
      if (current.timers.size >= mostTimers) throw new CallProblem('There are too many timers');
      const ms = typeof first === 'number' && first > 0 ? Math.min(first, bounds.wallMs) : 0;
      const cancel = clock.after(ms, () => {
        current.timers.delete(id);
        holder.resume(id, []);
      });
      current.timers.set(id, cancel);
      return id;
    }
    current.requests += 1;
    if (current.requests > bounds.requests) {
      throw new CallProblem(`An invocation may make ${bounds.requests} requests`);
    }
    const call = readFetch(values, bounds.requestBytes);
    const left = Math.max(1, Math.ceil(current.until - clock.monotonic()));
    const outer = current.outside.fetch(call, left, (answer) => {
      // A request of an earlier invocation, which did not wait for it.
      if (holder.current !== current) return;
      current.fetches.delete(id);
      holder.resume(id, answered(answer));
    });
    current.fetches.set(id, outer);
    return id;
  });
}

function isTimed(operation: string): boolean {
  return ['fetch', 'abandon', 'timer', 'clear'].includes(operation);
}

/** The arguments with which the guest goes on. */
function answered(answer: FetchAnswer): readonly unknown[] {
  if (!answer.ok) return [answer.problem];
  const { status, headers, url, redirected, body } = answer;
  return [undefined, status, headers, url, redirected, body];
}

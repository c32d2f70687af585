import ivm from 'isolated-vm';
import type { Clock } from '../../core/clock.ts';
import { type FunctionInput, type FunctionVersion, handlerOf } from '../../core/functions.ts';
import { guestScript } from '../guest/guest-script.ts';
import type { FunctionBounds, Job, JobReport } from '../protocol.ts';
import { type Ended, FunctionContext, type Outside } from './function-context.ts';
import { failed, readLogs, readResult } from './read-result.ts';

export interface IsolateOptions {
  readonly version: FunctionVersion;
  readonly bounds: FunctionBounds;
  readonly clock: Clock;
  outside(job: number): Outside;
  /** It has come to an end by itself; what waits, and what ran beside its end, is to go elsewhere. */
  onGone(waiting: readonly Waiting[]): void;
}

export interface Waiting {
  readonly job: Job;
  readonly signal: AbortSignal;
  readonly done: (report: JobReport) => void;
  /** It ran already where another invocation ended the isolate. */
  readonly isAgain?: true;
}

/** Every so many invocations the heap is looked at; above this share of its bound, it is made anew. */
const checkEvery = 500;
const fullShare = 0.75;

/** The isolate of one version and instance: a heap of its own, with as many contexts as run at once. */
export class FunctionIsolate {
  readonly #options: IsolateOptions;
  readonly #isolate: ivm.Isolate;
  readonly #idle: FunctionContext[] = [];
  readonly #waiting: Waiting[] = [];
  #scripts: Promise<{ guest: ivm.Script; code: ivm.Script }> | undefined;
  #open = 0;
  #busy = 0;
  #served = 0;
  #retired = false;
  lastUsed: number;

  constructor(options: IsolateOptions) {
    this.#options = options;
    this.lastUsed = options.clock.monotonic();
    this.#isolate = new ivm.Isolate({
      memoryLimit: options.bounds.memoryMegabytes,
      // V8 is beyond repair then: this process ends, and another is started.
      onCatastrophicError: () => process.abort(),
    });
  }

  get busy(): boolean {
    return this.#busy > 0 || this.#waiting.length > 0;
  }

  /** False: too many wait already. */
  invoke(waiting: Waiting): boolean {
    if (this.#waiting.length >= this.#options.bounds.waiting) return false;
    this.lastUsed = this.#options.clock.monotonic();
    this.#waiting.push(waiting);
    this.#pump();
    return true;
  }

  dispose(): void {
    this.#retired = true;
    if (!this.#isolate.isDisposed) this.#isolate.dispose();
  }

  #pump(): void {
    while (this.#waiting.length > 0 && !this.#retired) {
      const free = this.#idle.length > 0 || this.#open < this.#options.bounds.contexts;
      const next = free ? this.#waiting.shift() : undefined;
      if (next === undefined) return;
      if (next.signal.aborted)
        next.done(reportOf({ ok: false, why: 'cancelled' }, this.#options, 0));
      else void this.#serve(next);
    }
  }

  async #serve(waiting: Waiting): Promise<void> {
    const { job, signal, done } = waiting;
    const { bounds, clock } = this.#options;
    this.#busy += 1;
    const context = this.#idle.pop() ?? (await this.#opened());
    if (!(context instanceof FunctionContext)) {
      if (!isInterrupted(context) || !this.#runsElsewhere(waiting)) done(context);
      this.#end();
      return;
    }
    const startedAt = clock.monotonic();
    const handler = handlerOf(job.input);
    const batch = job.input.kind === 'batch';
    const call = { handler, input: inputText(job.input), settings: job.settings, batch };
    const ended = await context.run(call, this.#options.outside(job.id), signal);
    const durationMs = clock.monotonic() - startedAt;
    if (ended.ok) {
      this.#idle.push(context);
      const events = job.input.kind === 'batch' ? job.input.texts.length : 0;
      const read = readResult(ended.text, { kind: job.kind, handler, events }, bounds.resultLength);
      done({ ...read, durationMs, offence: false });
    } else {
      const logs = this.#isolate.isDisposed ? undefined : await context.drain();
      this.#open -= 1;
      context.release();
      const report = reportOf(ended, this.#options, durationMs);
      if (!isInterrupted(report) || !this.#runsElsewhere(waiting)) {
        done(logs === undefined ? report : { ...report, ...readLogs(logs) });
      }
    }
    this.#end();
  }

  /** What was interrupted through no fault of its own runs again at once, in another isolate. False: it did so before. */
  #runsElsewhere(waiting: Waiting): boolean {
    if (waiting.isAgain === true) return false;
    this.#retire();
    this.#options.onGone([{ ...waiting, isAgain: true }]);
    return true;
  }

  #end(): void {
    this.#busy -= 1;
    this.#served += 1;
    if (this.#served % checkEvery === 0) this.#retireWhenFull();
    if (this.#isolate.isDisposed && !this.#retired) this.#retire();
    this.#pump();
    if (this.#retired && this.#busy === 0) this.dispose();
  }

  #retireWhenFull(): void {
    if (this.#isolate.isDisposed) return;
    const { used_heap_size, externally_allocated_size } = this.#isolate.getHeapStatisticsSync();
    const bytes = this.#options.bounds.memoryMegabytes * 1024 * 1024;
    if (used_heap_size + externally_allocated_size > fullShare * bytes) this.#retire();
  }

  #retire(): void {
    if (this.#retired) return;
    this.#retired = true;
    this.#options.onGone(this.#waiting.splice(0));
  }

  async #opened(): Promise<FunctionContext | JobReport> {
    this.#open += 1;
    try {
      return await this.#openContext();
    } catch (error) {
      // The code itself is at fault, or a bound.
      this.#open -= 1;
      return loadReport(error, this.#options);
    }
  }

  async #openContext(): Promise<FunctionContext> {
    const { version, bounds, clock } = this.#options;
    const isolate = this.#isolate;
    this.#scripts ??= compile(isolate, version, bounds);
    const { guest, code } = await this.#scripts;
    return FunctionContext.open({ isolate, guest, code, bounds, clock });
  }
}

async function compile(isolate: ivm.Isolate, version: FunctionVersion, bounds: FunctionBounds) {
  const text = guestScript(version.kind, bounds.logLength);
  const [guest, code] = await Promise.all([
    isolate.compileScript(text, { filename: 'runtime.js' }),
    isolate.compileScript(version.code, { filename: 'function.js' }),
  ]);
  return { guest, code };
}

function isInterrupted({ outcome }: JobReport): boolean {
  return outcome.kind === 'failed' && outcome.failure === 'interrupted';
}

function inputText(input: FunctionInput): string {
  if (input.kind === 'event') return input.text;
  if (input.kind === 'batch') return `[${input.texts.join(',')}]`;
  return JSON.stringify(input.request);
}

function reportOf(
  ended: Extract<Ended, { ok: false }>,
  { bounds }: IsolateOptions,
  durationMs: number,
): JobReport {
  const { why } = ended;
  const outcome = {
    wall: failed('timeout', `The function did not finish within ${bounds.wallMs} ms`),
    cpu: failed('timeout', `The function kept the CPU for ${bounds.cpuMs} ms without a pause`),
    memory: failed(
      'memory_exceeded',
      `The function took more than ${bounds.memoryMegabytes} MB of memory`,
    ),
    gone: failed('interrupted', 'Another invocation of the function ended what this one ran in'),
    cancelled: failed('timeout', 'The invocation was called off'),
    unhandled: failed(
      'bad_request',
      `A promise that nobody waits for was rejected: ${'error' in ended ? ended.error : ''}`,
    ),
  }[why];
  const offence = why === 'cpu' || why === 'memory';
  return { outcome, logs: [], logsCut: false, durationMs, offence };
}

/** Why a context could not be opened. */
function loadReport(error: unknown, options: IsolateOptions): JobReport {
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('timed out')) return reportOf({ ok: false, why: 'cpu' }, options, 0);
  if (message.includes('memory limit')) return reportOf({ ok: false, why: 'memory' }, options, 0);
  if (message.includes('disposed')) return reportOf({ ok: false, why: 'gone' }, options, 0);
  const outcome = failed('invalid_settings', loadProblem(error));
  return { outcome, logs: [], logsCut: false, durationMs: 0, offence: false };
}

/** The sentence for code that cannot be loaded. */
function loadProblem(error: unknown): string {
  if (!(error instanceof Error)) return `The code cannot be loaded: it throws ${String(error)}`;
  const line = /function\.js:(\d+)/.exec(`${error.message} ${error.stack ?? ''}`)?.[1];
  const message = error.message.replace(/ \[function\.js:\d+(:\d+)?\]$/, '');
  const where = line === undefined ? '' : ` (line ${line})`;
  return `The code cannot be loaded: ${error.name}: ${message}${where}`;
}

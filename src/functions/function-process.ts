import { type ChildProcess, fork } from 'node:child_process';
import type { Clock } from '../core/clock.ts';
import {
  type FunctionInvocation,
  type FunctionReport,
  type FunctionTrace,
  type FunctionVersion,
  notRun,
} from '../core/functions.ts';
import type { Http } from '../core/http.ts';
import { limits } from '../core/limits.ts';
import type { Logger } from '../core/logger.ts';
import { FetchQueue } from './fetch-queue.ts';
import { Outbox } from './outbox.ts';
import { mainFile, processArguments } from './process-arguments.ts';
import type { FromFunctions, FunctionBounds, ToFunctions } from './protocol.ts';

export interface FunctionProcessOptions {
  readonly name: string;
  readonly http: Http;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly bounds: FunctionBounds;
  /** The version broke a bound, or was at work when the process died. */
  onOffence(version: string): void;
}

interface Pending {
  readonly invocation: FunctionInvocation;
  readonly traces: FunctionTrace[];
  readonly settle: (report: FunctionReport) => void;
}

/** Signs of life asked for in vain, after which the process is killed; a start is given more time. */
const mostSilent = Math.ceil(limits.functionSilentMs / limits.functionPingMs);
const mostSilentAtStart = 6 * mostSilent;

/** One process in which code runs: started when it is needed, ended when it is idle or silent. */
export class FunctionProcess {
  readonly #options: FunctionProcessOptions;
  readonly #jobs = new Map<number, Pending>();
  readonly #requests = new Map<number, AbortController>();
  readonly #fetches: FetchQueue;
  /** Versions whose code the process has, the one used longest ago first. */
  readonly #known = new Set<string>();
  #child: ChildProcess | undefined;
  #outbox = new Outbox<ToFunctions>(() => undefined);
  #lastId = 0;
  #silent = 0;
  #answers = false;
  #lastUsed = 0;
  #cancelPing: (() => void) | undefined;
  #stopped = false;

  constructor(options: FunctionProcessOptions) {
    this.#options = options;
    this.#fetches = new FetchQueue(options);
  }

  /** Its process id, while there is one. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  invoke(invocation: FunctionInvocation): Promise<FunctionReport> {
    const { version, instance, settings, input, signal, trial = false } = invocation;
    if (this.#stopped) return Promise.resolve(notRun('interrupted', 'The server is stopping'));
    const id = this.#begin(version);
    return new Promise((resolve) => {
      const onAbort = (): void => this.#outbox.post({ kind: 'cancel', id });
      const settle = (report: FunctionReport): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve(report);
      };
      this.#jobs.set(id, { invocation, traces: [], settle });
      const { id: versionId, kind } = version;
      const job = { id, version: versionId, kind, instance, input, trial };
      this.#outbox.post({ kind: 'invoke', job: { ...job, settings: JSON.stringify(settings) } });
      if (signal?.aborted) onAbort();
      else signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** What runs ends as `interrupted`. */
  stop(): Promise<void> {
    this.#stopped = true;
    const child = this.#child;
    if (child === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  }

  /** A process that knows the version, and the number of what is to come. */
  #begin(version: FunctionVersion): number {
    if (this.#child === undefined) this.#start();
    this.#lastUsed = this.#options.clock.monotonic();
    if (!this.#known.delete(version.id)) this.#outbox.post({ kind: 'version', version });
    this.#known.add(version.id);
    const [oldest] = this.#known;
    if (this.#known.size > limits.functionVersionsHeld && oldest !== undefined) {
      this.#known.delete(oldest);
      this.#outbox.post({ kind: 'forget', version: oldest });
    }
    this.#lastId += 1;
    return this.#lastId;
  }

  #start(): void {
    const { bounds, clock, logger, name } = this.#options;
    const child = fork(mainFile, [], {
      execArgv: processArguments(),
      env: { TZ: 'UTC', MALLOC_ARENA_MAX: '2', NODE_COMPILE_CACHE: '' },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child = child;
    this.#answers = false;
    this.#silent = 0;
    this.#outbox = new Outbox((messages) => {
      // A message to a process that is just dying is lost with it.
      if (child.connected) child.send([...messages], () => undefined);
    });
    let lastWords = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString('utf8')).slice(-2_000);
    });
    child.on('message', (messages: readonly FromFunctions[]) => {
      if (this.#child !== child) return;
      this.#silent = 0;
      this.#answers = true;
      for (const message of messages) this.#hear(message);
    });
    child.on('error', (error) =>
      logger.error({ err: error, name }, 'a process of functions failed'),
    );
    child.on('exit', (code, signal) => {
      if (this.#child === child) this.#onExit(code, signal, lastWords);
    });
    this.#outbox.post({ kind: 'start', bounds });
    this.#cancelPing = clock.after(bounds.pingMs, () => this.#ping());
  }

  #ping(): void {
    const { bounds, clock, logger, name } = this.#options;
    const idle = this.#jobs.size === 0;
    if (idle && clock.monotonic() - this.#lastUsed > limits.functionIdleMs) {
      this.#child?.kill('SIGKILL');
      return;
    }
    this.#silent += 1;
    if (this.#silent > (this.#answers ? mostSilent : mostSilentAtStart)) {
      logger.error({ name }, 'a process of functions went silent and is killed');
      this.#child?.kill('SIGKILL');
      return;
    }
    this.#outbox.post({ kind: 'ping' });
    this.#cancelPing = clock.after(bounds.pingMs, () => this.#ping());
  }

  #hear(message: FromFunctions): void {
    switch (message.kind) {
      case 'result': {
        const pending = this.#jobs.get(message.id);
        this.#jobs.delete(message.id);
        const { offence, ...report } = message.report;
        if (pending === undefined) return;
        if (offence) this.#options.onOffence(pending.invocation.version.id);
        pending.settle({ ...report, traces: pending.traces });
        break;
      }
      case 'fetch':
        void this.#fetch(message);
        break;
      case 'abandon':
        this.#requests.get(message.id)?.abort();
        break;
      case 'pong':
        if (message.residentBytes > limits.functionProcessBytes) {
          this.#options.logger.error(
            { name: this.#options.name, residentBytes: message.residentBytes },
            'a process of functions has grown too large and is ended',
          );
          this.#child?.kill('SIGKILL');
        }
        break;
    }
  }

  async #fetch({ id, job, call, withinMs }: Extract<FromFunctions, { kind: 'fetch' }>) {
    const abort = new AbortController();
    this.#requests.set(id, abort);
    const outbox = this.#outbox;
    const answer = await this.#fetches.fetch(call, withinMs, abort.signal);
    this.#requests.delete(id);
    const pending = this.#jobs.get(job);
    if (pending?.invocation.trial) {
      const { method, url } = call;
      const end = answer.ok ? { status: answer.status } : { problem: answer.problem };
      pending.traces.push({ method, url, ...end });
    }
    outbox.post({ kind: 'answer', id, answer });
  }

  #onExit(code: number | null, signal: string | null, lastWords: string): void {
    const { logger, name, onOffence } = this.#options;
    this.#child = undefined;
    this.#cancelPing?.();
    this.#known.clear();
    for (const abort of this.#requests.values()) abort.abort();
    this.#requests.clear();
    const jobs = [...this.#jobs.values()];
    this.#jobs.clear();
    if (!this.#stopped && jobs.length > 0) {
      logger.error({ name, code, signal, lastWords }, 'a process of functions died');
    }
    for (const { invocation, settle } of jobs) {
      if (!this.#stopped) onOffence(invocation.version.id);
      settle(notRun('interrupted', `The process of functions died (${signal ?? code})`));
    }
  }
}

import type { Clock } from '../../core/clock.ts';
import type { FunctionVersion } from '../../core/functions.ts';
import { limits } from '../../core/limits.ts';
import type { FunctionBounds, Job, JobReport } from '../protocol.ts';
import type { Outside } from './function-context.ts';
import { FunctionIsolate, type Waiting } from './function-isolate.ts';
import { failed } from './read-result.ts';

export interface IsolatesOptions {
  readonly bounds: FunctionBounds;
  readonly clock: Clock;
  outside(job: number): Outside;
}

/** All isolates of the process, one for each version and instance that was used lately. */
export class Isolates {
  readonly #options: IsolatesOptions;
  /** The one used longest ago comes first. */
  readonly #warm = new Map<string, FunctionIsolate>();
  readonly #versions = new Map<string, FunctionVersion>();

  constructor(options: IsolatesOptions) {
    this.#options = options;
  }

  learn(version: FunctionVersion): void {
    this.#versions.set(version.id, version);
  }

  forget(version: string): void {
    this.#versions.delete(version);
  }

  invoke(waiting: Waiting): void {
    const { job, done } = waiting;
    const version = this.#versions.get(job.version);
    if (version === undefined) {
      done(refused('interrupted', 'The code is not here any more'));
      return;
    }
    const key = keyOf(job);
    const isolate = this.#warm.get(key) ?? this.#make(key, version);
    if (isolate === undefined) {
      done(refused('overloaded', 'Too many functions run at once'));
      return;
    }
    this.#warm.delete(key);
    this.#warm.set(key, isolate);
    const settled = job.trial
      ? {
          ...waiting,
          done: (report: JobReport) => {
            this.#drop(key);
            done(report);
          },
        }
      : waiting;
    if (!isolate.invoke(settled)) {
      done(refused('overloaded', 'Too many invocations wait for the function'));
    }
  }

  /** Lets go of what nobody has used for `limits.functionIdleMs`. */
  sweep(): void {
    const before = this.#options.clock.monotonic() - limits.functionIdleMs;
    for (const [key, isolate] of this.#warm) {
      if (!isolate.busy && isolate.lastUsed < before) this.#drop(key);
    }
  }

  #make(key: string, version: FunctionVersion): FunctionIsolate | undefined {
    if (this.#warm.size >= this.#options.bounds.instances) {
      const oldest = [...this.#warm].find(([, isolate]) => !isolate.busy);
      if (oldest === undefined) return undefined;
      this.#drop(oldest[0]);
    }
    const made = this.#isolate(version, (waiting) => {
      if (this.#warm.get(key) === made) this.#warm.delete(key);
      for (const one of waiting) this.invoke(one);
    });
    this.#warm.set(key, made);
    return made;
  }

  #isolate(version: FunctionVersion, onGone: (waiting: readonly Waiting[]) => void) {
    return new FunctionIsolate({ ...this.#options, version, onGone });
  }

  #drop(key: string): void {
    const isolate = this.#warm.get(key);
    this.#warm.delete(key);
    isolate?.dispose();
  }
}

function keyOf(job: Job): string {
  return JSON.stringify([job.version, job.instance, job.trial ? job.id : 0]);
}

function refused(failure: 'interrupted' | 'overloaded', message: string): JobReport {
  const outcome = failed(failure, message);
  return { outcome, logs: [], logsCut: false, durationMs: 0, offence: false };
}

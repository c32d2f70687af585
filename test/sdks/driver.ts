import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { JsonObject } from '../../src/core/json.ts';
import { testEnvironment } from '../env.ts';

/** What a driver, a small program around an SDK in its own language, is told: one line of JSON on stdin. */
export interface Job {
  readonly url: string;
  readonly writeKey: string;
  /** Calls a request holds at the most. */
  readonly flushAt: number;
  /** Compress, where the SDK leaves the choice. */
  readonly gzip: boolean;
  /**
   * `at once`: closed right after the last call; `when sent`: when the SDK has told the fate of every call;
   * `when told`: when it is told to `end`.
   */
  readonly close: 'at once' | 'when sent' | 'when told';
  /** The calls, with `type` and the fields of the spec. */
  readonly messages: readonly JsonObject[];
}

/** How a driver ended. */
export interface DriverEnd {
  readonly code: number | null;
  /** Calls that the SDK reported as lost. */
  readonly failed: number;
  readonly output: string;
}

/** A driver at work. SDKs that never tell when they are done go on until they are told to `end`. */
export interface Driver {
  readonly ended: Promise<DriverEnd>;
  end(): Promise<DriverEnd>;
}

/** Starts `command` on a job; it prints how many calls its SDK gave up: `failed <number>`. */
export function startDriver(
  command: readonly string[],
  job: Job,
  env: Readonly<Record<string, string>> = {},
): Driver {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: testEnvironment(env),
    timeout: 2 * 60_000,
    killSignal: 'SIGKILL',
  });
  child.stdin.on('error', () => {}); // It died before it had read: its output says why.
  child.stdin.write(`${JSON.stringify(job)}\n`);
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  const finish = async (): Promise<DriverEnd> => {
    const [code] = await once(child, 'close');
    const output = (await outputs).join('\n').trim();
    const failed = Number(/^failed (\d+)$/m.exec(output)?.[1] ?? Number.NaN);
    return { code: typeof code === 'number' ? code : null, failed, output };
  };
  const ended = finish();
  return {
    ended,
    end: () => {
      child.stdin.end();
      return ended;
    },
  };
}

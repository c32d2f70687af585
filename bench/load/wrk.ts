import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isJsonObject, type Json } from '../../src/core/json.ts';
import { threadSeconds } from '../../test/rig/process-tree.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('requests.lua', import.meta.url));

export interface Slot {
  readonly url: string;
  /** A file of `writeRequestFile`. */
  readonly requests: string;
  readonly connections: number;
  readonly seconds: number;
  /** Core the generator is pinned to. */
  readonly core: number;
  /** The process that answers. */
  readonly pid: number;
}

export interface SlotResult {
  /** Answered requests a second. */
  readonly rate: number;
  readonly requests: number;
  /** Answers of 400 and above, and connections that broke: any makes the slot void. */
  readonly failed: number;
  /** Milliseconds from a request's first byte to its whole answer. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of CPU the answering process spent on a request, all its threads together. */
  readonly cpu: number;
}

/** One slot of closed-loop load by wrk: as many requests as `connections` that each wait for their answer give. */
export async function wrk(slot: Slot): Promise<SlotResult> {
  const before = threadSeconds(slot.pid);
  const { stdout } = await run('taskset', [
    ...['-c', String(slot.core), 'wrk', '-t1', `-c${slot.connections}`, `-d${slot.seconds}s`],
    ...['--timeout', '10s', '-s', script, slot.url, '--'],
    ...[slot.requests, randomBytes(5).toString('hex')],
  ]);
  const cpuSeconds = threadSeconds(slot.pid) - before;
  const line = stdout.split('\n').find((text) => text.startsWith('@'));
  const result: Json = JSON.parse(line?.slice(1) ?? 'null');
  if (!isJsonObject(result)) throw new Error(`wrk said nothing to read:\n${stdout}`);
  const number = (key: string) => Number(result[key]);
  return {
    rate: number('requests') / number('seconds'),
    requests: number('requests'),
    failed: number('failed'),
    p50: number('p50'),
    p99: number('p99'),
    cpu: (cpuSeconds * 1e6) / number('requests'),
  };
}

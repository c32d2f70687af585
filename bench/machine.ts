import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { quantile } from './quartiles.ts';

/** Which core runs what. With fewer than four cores some share, and figures with bars mean little. */
export interface Cores {
  readonly ingest: number;
  readonly worker: number;
  readonly generator: number;
  /** Control, supervisor, receiver and the benchmark itself. */
  readonly rest: number;
}

export function coreLayout(count = availableParallelism()): Cores {
  return { ingest: 0, worker: 1 % count, generator: 2 % count, rest: 3 % count };
}

export interface MachineFacts {
  readonly cpus: number;
  readonly cpu: string;
  readonly memoryGB: number;
  readonly kernel: string;
  readonly filesystem: string;
  readonly node: string;
}

export function machineFacts(folder: string): MachineFacts {
  return {
    cpus: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    filesystem: execFileSync('stat', ['-f', '-c', '%T', folder], { encoding: 'utf8' }).trim(),
    node: process.version,
  };
}

export interface FlushTimes {
  readonly p50: number;
  readonly p99: number;
}

/** Milliseconds a flush takes in `folder`: 64 KiB appended to a growing file, then fdatasync, for a second. */
export function flushTimes(folder: string): FlushTimes {
  const path = join(folder, 'flush-probe');
  const file = openSync(path, 'w');
  const block = Buffer.alloc(64 * 1024, 'x');
  const times: number[] = [];
  const end = performance.now() + 1_000;
  while (performance.now() < end) {
    const begun = performance.now();
    writeSync(file, block);
    fdatasyncSync(file);
    times.push(performance.now() - begun);
  }
  closeSync(file);
  rmSync(path);
  times.sort((a, b) => a - b);
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

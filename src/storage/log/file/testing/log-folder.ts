import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../../core/clock.ts';
import type {
  DamagedRange,
  LogEngine,
  LogEntry,
  LogReader,
  LogRecord,
} from '../../../../core/event-log.ts';
import { silentLogger } from '../../../../core/logger.ts';
import { random } from '../../../../core/testing/random.ts';
import { type FileIo, systemFileIo } from '../file-io.ts';
import { type FileLogOptions, openFileLogEngine } from '../open-file-log-engine.ts';

/** The disk without waiting for it: tests of what is on it need no flush. */
export const quickIo: FileIo = {
  ...systemFileIo,
  flushingWrites: false,
  flush: async () => undefined,
  flushFolder: async () => undefined,
};

/** A folder of logs for one test. */
export class LogFolder {
  readonly dir: string;

  private constructor(dir: string) {
    this.dir = dir;
  }

  static async make(): Promise<LogFolder> {
    return new LogFolder(await mkdtemp(join(tmpdir(), 'tributary-log-')));
  }

  path(name: string): string {
    return join(this.dir, name);
  }

  open(options: Partial<FileLogOptions> = {}): Promise<LogEngine> {
    return openFileLogEngine({
      dir: this.dir,
      clock: systemClock,
      logger: silentLogger,
      io: quickIo,
      lockWaitMs: 0,
      ...options,
    });
  }

  async remove(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }
}

export function entry(body: string, source = 'source'): LogEntry {
  return { kind: 2, source, meta: '{}', body: Buffer.from(body) };
}

/** Follows `next` to the end; the records are copies. */
export async function readEverything(
  reader: LogReader,
  options: { source?: string; from?: number; maxBytes?: number } = {},
): Promise<{ records: LogRecord[]; damaged: DamagedRange[] }> {
  const { from: first = 0, ...readOptions } = options;
  const records: LogRecord[] = [];
  const damaged: DamagedRange[] = [];
  for (let from = first; ; ) {
    const result = await reader.read(from, readOptions);
    for (const record of result.records) {
      records.push({ ...record, body: Buffer.from(record.body) });
    }
    damaged.push(...result.damaged);
    if (result.next === from) return { records, damaged };
    assert.ok(result.next > from, 'a read moves forward');
    from = result.next;
  }
}

export function textsOf(records: readonly LogRecord[]): string[] {
  return records.map((record) => record.body.toString());
}

/** A random function in [0, 1); its seed is printed. */
export function seededRandom(seed = 20261120): () => number {
  process.stderr.write(`seed ${seed}\n`);
  return random(seed).next;
}

/** Runs `check` for every item, a few at a time. */
export async function forAll<T>(
  items: readonly T[],
  check: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await check(item);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}

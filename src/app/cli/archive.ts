import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readArchivedSource } from '../../archive/archived-source.ts';
import { restoreLines } from '../../archive/restore-archive.ts';
import { manifestFiles, verifyArchive } from '../../archive/verify-archive.ts';
import { systemClock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import type { ObjectStore } from '../../core/object-store.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import { openObjectStore } from '../../storage/open-object-store.ts';
import { stateStores } from '../../storage/open-state.ts';
import { processEnvironment, readConfig } from '../config/config.ts';

export async function listArchive(options: { source?: string; files?: boolean }): Promise<void> {
  const isWanted = (name: string) =>
    options.source === undefined || readArchivedSource(name).source === options.source;
  await withManifest(async (store) => {
    const days = new Map<string, { files: number; events: number; bytes: number }>();
    for await (const file of manifestFiles(store)) {
      if (!isWanted(file.source)) continue;
      if (options.files) say([file.key, `${file.events} events`, `${file.bytes} bytes`]);
      const key = `${file.source}\t${dateOf(file.day)}`;
      const sum = days.get(key) ?? { files: 0, events: 0, bytes: 0 };
      sum.files += 1;
      sum.events += file.events;
      sum.bytes += file.bytes;
      days.set(key, sum);
    }
    for (const [key, { files, events, bytes }] of options.files ? [] : days) {
      say([key, `${events} events`, `${files} files`, `${bytes} bytes`]);
    }
    const expired = await store.db.selectFrom('archive_expired').selectAll().execute();
    for (const row of expired) {
      if (!isWanted(row.source)) continue;
      if (row.reason === 'log') say(['expired', `${row.events} ranges of the log, not archived`]);
      else
        say(['expired', row.source, dateOf(Number(row.day)), `${row.events} events`, row.reason]);
    }
  });
}

/** Rejects with `object_store_failed` when something is not as it should be; each problem is a line before. */
export async function verify(): Promise<void> {
  await withManifest((store) =>
    withObjects(async (objects) => {
      const { files, events, bytes, problems } = await verifyArchive(store, objects);
      for (const { key, problem } of problems) say([key, problem]);
      say([`${files} files`, `${events} events`, `${bytes} bytes`, `${problems.length} problems`]);
      if (problems.length === 0) return;
      const message = `The archive at ${objects.place} has problems: ${problems.length}`;
      throw new TributaryError('object_store_failed', message);
    }),
  );
}

export async function restore(options: {
  from: string;
  to?: string;
  source?: string;
  objects?: boolean;
  out?: string;
}): Promise<void> {
  const range = {
    source: options.source,
    objectsOnly: options.objects,
    from: timeOf(options.from),
    to: options.to === undefined ? systemClock.now() : timeOf(options.to),
  };
  await withObjects(async (objects) => {
    const lines = Readable.from(withLineFeeds(restoreLines(objects, range)));
    if (options.out === undefined) await pipeline(lines, process.stdout, { end: false });
    else await pipeline(lines, createWriteStream(options.out, { flags: 'wx', mode: 0o600 }));
  });
}

async function* withLineFeeds(lines: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const line of lines) yield Buffer.concat([line, Buffer.from('\n')]);
}

async function withManifest(work: (store: StateStore<WorkTables>) => Promise<void>): Promise<void> {
  const { config } = await readConfig(processEnvironment());
  const store = await stateStores(config.state).openWorkReader();
  try {
    await work(store);
  } finally {
    await store.close();
  }
}

async function withObjects(work: (objects: ObjectStore) => Promise<void>): Promise<void> {
  const { config } = await readConfig(processEnvironment());
  if (config.archive === undefined) {
    throw new TributaryError('config_invalid', 'There is no archive: TRIBUTARY_ARCHIVE is off');
  }
  const objects = await openObjectStore(config.archive, { clock: systemClock });
  try {
    await work(objects);
  } finally {
    await objects.close();
  }
}

function timeOf(text: string): number {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return time;
  throw new TributaryError('validation_error', `${text} is no moment: give ISO 8601`);
}

function dateOf(day: number): string {
  return new Date(day).toISOString().slice(0, 10);
}

function say(parts: readonly string[]): void {
  process.stdout.write(`${parts.join('\t')}\n`);
}

import type { ArchiveReader } from '../core/archive.ts';
import type { LogRecord, Offset } from '../core/event-log.ts';
import { limits } from '../core/limits.ts';
import type { ObjectStore } from '../core/object-store.ts';
import { recordKinds } from '../core/records.ts';
import type { StateStore } from '../core/state.ts';
import type { ArchiveFileTable } from '../core/tables/archive-tables.ts';
import type { WorkTables } from '../core/tables/work-tables.ts';
import { type Member, readLines, readMembers } from './archive-format.ts';
import { readFile } from './archive-store.ts';
import { readArchivedSource } from './archived-source.ts';
import { type LineFacts, metaOf, objectMetaOf, readFacts } from './index-lines.ts';

export interface ArchiveReaderDeps {
  readonly partition: number;
  /** For reading, too: a process that does not write it may open it. */
  readonly store: Pick<StateStore<WorkTables>, 'db'>;
  objects(): Promise<ObjectStore>;
}

/** A file in memory, up to `limits.archiveBatchFileBytes`, and where its members are. */
interface OpenFile {
  readonly row: ArchiveFileTable;
  readonly members: readonly { readonly member: Member; readonly facts: readonly LineFacts[] }[];
}

/**
 * Reads a partition's archive by its manifest. Keeps the files that were read last, up to twice the largest file: replays
 * read on where they were, and those of several destinations read the same.
 */
export function openArchiveReader(deps: ArchiveReaderDeps): ArchiveReader {
  const { partition, store } = deps;
  /** The one used last is the last. */
  const kept = new Map<string, OpenFile>();

  const files = () =>
    store.db.selectFrom('archive_file').selectAll().where('partition', '=', partition);

  async function fileAt(
    source: string,
    from: Offset,
    before: Offset,
  ): Promise<ArchiveFileTable | undefined> {
    const row = await files()
      .where('source', '=', source)
      .where('last_offset', '>=', from)
      .where('first_offset', '<', before)
      .orderBy('first_offset')
      .limit(1)
      .executeTakeFirst();
    return row && readFile(row);
  }

  async function open(row: ArchiveFileTable): Promise<OpenFile> {
    const known = kept.get(row.key);
    kept.delete(row.key);
    if (known?.row.sha256 === row.sha256) {
      kept.set(row.key, known);
      return known;
    }
    makeRoom(row.bytes);
    const found = await (await deps.objects()).get(row.key);
    // It expired since, or lost its last event to a deletion.
    const members =
      found === undefined
        ? []
        : [...readMembers(row.key, found.body)].map((member) => ({
            member,
            facts: readFacts(member.index),
          }));
    const file = { row, members };
    kept.set(row.key, file);
    return file;
  }

  function makeRoom(bytes: number): void {
    let sum = bytes;
    for (const { row } of kept.values()) sum += row.bytes;
    for (const [key, { row }] of kept) {
      if (sum <= 2 * limits.archiveBatchFileBytes) return;
      kept.delete(key);
      sum -= row.bytes;
    }
  }

  return {
    async read(source, from, before) {
      const row = await fileAt(source, from, before);
      if (row === undefined) return { records: [], next: before };
      const { members } = await open(row);
      for (const { member, facts } of members) {
        const end = facts.at(-1)?.offset ?? 0;
        if (end < from) continue;
        const lines = await readLines(row.key, member);
        const records = facts.flatMap((fact, at) => {
          const line = lines[at];
          if (line === undefined || fact.offset < from || fact.offset >= before) return [];
          return recordOf(source, fact, line);
        });
        return { records, next: Math.min(end + 1, before) };
      }
      return { records: [], next: Math.min(row.last_offset + 1, before) };
    },

    async offsetAt(source, time) {
      const row = await files()
        .where('source', '=', source)
        .where('last_time', '>=', time)
        .orderBy('first_offset')
        .limit(1)
        .executeTakeFirst();
      return row && Number(row.first_offset);
    },

    async count(source, from, to) {
      const rows = await files()
        .where('source', '=', source)
        .where('last_offset', '>=', from)
        .where('first_offset', '<', to)
        .limit(limits.archiveRows * 100)
        .execute();
      return Math.round(
        rows.map((row) => partOf(readFile(row), from, to)).reduce((a, b) => a + b, 0),
      );
    },

    async end() {
      const row = await store.db
        .selectFrom('archive_position')
        .select('position')
        .where('partition', '=', partition)
        .executeTakeFirst();
      return Number(row?.position ?? 0);
    },
  };
}

function recordOf(name: string, facts: LineFacts, body: Buffer): LogRecord[] {
  const { source, isObjects } = readArchivedSource(name);
  const meta = isObjects ? objectMetaOf(facts, body) : metaOf(facts, body);
  if (meta === undefined) return [];
  const { offset } = facts;
  const kind = isObjects ? recordKinds.object : recordKinds.event;
  return [{ offset, kind, source, meta: JSON.stringify(meta), body }];
}

/** Events of a file in a range, as if they stood evenly. */
function partOf({ first_offset, last_offset, events }: ArchiveFileTable, from: Offset, to: Offset) {
  const whole = last_offset - first_offset + 1;
  const part = Math.min(to, last_offset + 1) - Math.max(from, first_offset);
  return events * Math.min(1, part / whole);
}

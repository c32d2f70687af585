import type { ColumnShape, StoredCursor, TableShape } from '../../../core/warehouse-engine.ts';

/** A file of rows. Only files that stand in the manifest are part of the lake. */
export interface LakeFile {
  readonly key: string;
  readonly schema: string;
  readonly table: string;
  /** The day (UTC) that its events were received on, `2026-11-21`; '' in tables that hold a latest state. */
  readonly day: string;
  readonly rows: number;
  readonly bytes: number;
  /** The streams whose rows it has. */
  readonly streams: readonly string[];
}

/** One change of the lake: all of it happens, or nothing. */
export interface LakeCommit {
  readonly format: 1;
  readonly seq: number;
  /** The unit that was loaded; absent of a compaction and the like. */
  readonly unit?: string;
  readonly sources?: readonly { readonly sourceId: string; readonly schema: string }[];
  readonly create?: readonly TableShape[];
  readonly addColumns?: readonly {
    readonly table: { readonly schema: string; readonly name: string };
    readonly columns: readonly ColumnShape[];
  }[];
  readonly cursor?: StoredCursor & { readonly warehouse: string };
  /** Cursors that are forgotten. */
  readonly forget?: { readonly warehouse: string; readonly stream: string };
  readonly add?: readonly LakeFile[];
  /** Keys. */
  readonly remove?: readonly string[];
}

/** The lake as of a commit. */
export interface LakeCheckpoint {
  readonly format: 1;
  readonly seq: number;
  /** The last unit of each stream and partition: it is known again when it comes a second time. */
  readonly units: readonly (readonly [key: string, unit: string])[];
  readonly sources: readonly (readonly [sourceId: string, schema: string])[];
  readonly cursors: readonly (StoredCursor & { readonly warehouse: string })[];
  readonly tables: readonly TableShape[];
  readonly files: readonly LakeFile[];
}

/** What stands in the lake, kept equal to its manifest by `apply`. */
export class LakeState {
  seq = 0;
  readonly units = new Map<string, string>();
  readonly sources = new Map<string, string>();
  readonly cursors = new Map<string, StoredCursor & { readonly warehouse: string }>();
  readonly tables = new Map<string, TableShape>();
  readonly files = new Map<string, LakeFile>();

  static of(checkpoint: LakeCheckpoint): LakeState {
    const state = new LakeState();
    state.seq = checkpoint.seq;
    for (const [key, unit] of checkpoint.units) state.units.set(key, unit);
    for (const [id, schema] of checkpoint.sources) state.sources.set(id, schema);
    for (const cursor of checkpoint.cursors) state.cursors.set(cursorKey(cursor), cursor);
    for (const table of checkpoint.tables) state.tables.set(tableKey(table), table);
    for (const file of checkpoint.files) state.files.set(file.key, file);
    return state;
  }

  checkpoint(): LakeCheckpoint {
    return {
      format: 1,
      seq: this.seq,
      units: [...this.units],
      sources: [...this.sources],
      cursors: [...this.cursors.values()],
      tables: [...this.tables.values()],
      files: [...this.files.values()],
    };
  }

  apply(commit: LakeCommit): void {
    this.seq = commit.seq;
    for (const { sourceId, schema } of commit.sources ?? []) {
      if (!this.sources.has(sourceId)) this.sources.set(sourceId, schema);
    }
    for (const table of commit.create ?? []) {
      if (!this.tables.has(tableKey(table))) this.tables.set(tableKey(table), table);
    }
    for (const { table, columns } of commit.addColumns ?? []) this.#addColumns(table, columns);
    const { cursor, forget, unit } = commit;
    if (cursor !== undefined) {
      this.cursors.set(cursorKey(cursor), cursor);
      if (unit !== undefined) this.units.set(cursorKey(cursor), unit);
    }
    if (forget !== undefined) {
      for (const [key, { warehouse, stream }] of this.cursors) {
        if (warehouse !== forget.warehouse || stream !== forget.stream) continue;
        this.cursors.delete(key);
        this.units.delete(key);
      }
    }
    for (const key of commit.remove ?? []) this.files.delete(key);
    for (const file of commit.add ?? []) this.files.set(file.key, file);
  }

  filesOf({ schema, name }: { readonly schema: string; readonly name: string }): LakeFile[] {
    return [...this.files.values()].filter((one) => one.schema === schema && one.table === name);
  }

  #addColumns(
    table: { readonly schema: string; readonly name: string },
    columns: readonly ColumnShape[],
  ): void {
    const known = this.tables.get(tableKey(table));
    if (known === undefined) return;
    const there = new Set(known.columns.map(({ name }) => name));
    const added = columns.filter(({ name }) => !there.has(name));
    this.tables.set(tableKey(table), { ...known, columns: [...known.columns, ...added] });
  }
}

export function cursorKey(cursor: {
  readonly warehouse: string;
  readonly stream: string;
  readonly partition: number;
}): string {
  return JSON.stringify([cursor.warehouse, cursor.stream, cursor.partition]);
}

export function tableKey({
  schema,
  name,
}: {
  readonly schema: string;
  readonly name: string;
}): string {
  return JSON.stringify([schema, name]);
}

/** Columns of the table that has most. */
export function widest(tables: Iterable<Pick<TableShape, 'columns'>>): number {
  let most = 0;
  for (const { columns } of tables) most = Math.max(most, columns.length);
  return most;
}

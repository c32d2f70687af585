import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ObjectStore } from '../../../core/object-store.ts';
import type { TableName } from '../../../core/warehouse-engine.ts';
import { literal } from '../sql/names.ts';
import type { LakeDatabase } from './lake-database.ts';
import type { LakeManifest } from './lake-manifest.ts';
import type { LakeFile } from './lake-state.ts';

export interface NewFile {
  readonly table: TableName;
  /** '' in tables that hold a latest state. */
  readonly day: string;
  readonly streams: readonly string[];
  /** What its rows are. */
  readonly query: string;
}

/**
 * Writes files of Parquet for one commit: first all of them to the temporary folder, then, once the manifest knows their
 * keys, to their places. `data/<schema>/<table>/day=<day>/<commit>-<number>.parquet`, without the day where there is none.
 */
export class LakeWriter {
  readonly #database: LakeDatabase;
  readonly #store: ObjectStore;
  readonly #manifest: LakeManifest;
  readonly #tempFolder: string;
  #written: { readonly file: LakeFile; readonly path: string }[] = [];

  constructor(
    database: LakeDatabase,
    store: ObjectStore,
    manifest: LakeManifest,
    tempFolder: string,
  ) {
    this.#database = database;
    this.#store = store;
    this.#manifest = manifest;
    this.#tempFolder = tempFolder;
  }

  /** Resolves with the rows of the file; one without rows is none. */
  async write({ table, day, streams, query }: NewFile): Promise<number> {
    const number = this.#written.length;
    const path = join(this.#tempFolder, `lake-${number}.parquet`);
    const rows = await this.#database.run(
      `copy (${query}) to ${literal(path)} (format parquet, compression zstd)`,
    );
    if (rows === 0) return 0;
    const { schema, name } = table;
    const commit = String(this.#manifest.state.seq + 1).padStart(12, '0');
    const folder = ['data', schema, name, ...(day === '' ? [] : [`day=${day}`])].map(keyPart);
    const key = `${folder.join('/')}/${commit}-${number}.parquet`;
    const { size: bytes } = statSync(path);
    this.#written.push({ path, file: { key, schema, table: name, day, rows, bytes, streams } });
    return rows;
  }

  /** Brings the files to their places. Resolves with what the commit has to add. */
  async place(): Promise<readonly LakeFile[]> {
    const written = this.#written;
    this.#written = [];
    if (written.length === 0) return [];
    await this.#manifest.intend(written.map(({ file }) => file.key));
    for (const { file, path } of written) await this.#store.put(file.key, { file: path });
    return written.map(({ file }) => file);
  }

  /** Forgets what was written and not placed. */
  reset(): void {
    this.#written = [];
  }
}

/** A part of a key: at most 200 bytes, and no path of its own. */
function keyPart(name: string): string {
  return name.replace(/[/\\]/g, '_');
}

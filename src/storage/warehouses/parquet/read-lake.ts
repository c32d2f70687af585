import type { QueryPage, ReadOptions } from '../../../core/warehouse-engine.ts';
import { readDuckdb } from '../duckdb/query-duckdb.ts';
import { profileQuery, usersByProfile } from '../sql/identity-views.ts';
import { literal, quoted, quotedTable } from '../sql/names.ts';
import { LakeDatabase, lakeFailure } from './lake-database.ts';
import type { LakeManifest } from './lake-manifest.ts';
import { tableQuery } from './lake-sql.ts';
import { widest } from './lake-state.ts';
import type { LocalFiles } from './local-files.ts';

/**
 * Runs a statement in a database of its own, whose views are the tables of the lake. It reaches nothing but the files of the
 * lake. Of a bucket only the tables that the statement names have rows: their files are fetched for it.
 */
export async function* readLake(
  parts: {
    readonly manifest: LakeManifest;
    readonly files: LocalFiles;
    readonly tempFolder: string;
  },
  sql: string,
  options: Pick<ReadOptions, 'timeoutMs'> & Partial<ReadOptions>,
): AsyncGenerator<QueryPage> {
  const { files, tempFolder, manifest } = parts;
  const database = await LakeDatabase.open(tempFolder);
  try {
    await database.allowColumns(widest(manifest.state.tables.values()));
    const wanted = files.areHere ? undefined : namedTables(database, sql);
    const made = new Set<string>();
    for (const table of manifest.state.tables.values()) {
      const own = manifest.state.filesOf(table);
      const isWanted = wanted === undefined || wanted.has(table.name.toLowerCase());
      const paths = isWanted ? await files.paths(own) : [];
      if (!made.has(table.schema)) {
        await database.run(`create schema if not exists ${quoted(table.schema)}`);
        made.add(table.schema);
      }
      const isLatest = own.some(({ day }) => day === '');
      await database.run(
        `create view ${quotedTable(table)} as ${tableQuery(table, paths, isLatest)}`,
      );
    }
    const schemas = Map.groupBy(manifest.state.tables.values(), ({ schema }) => schema);
    for (const [schema, tables] of schemas) {
      const query = profileQuery(tables);
      const view = quotedTable({ schema, name: usersByProfile });
      if (query !== undefined) await database.run(`create view ${view} as ${query}`);
    }
    for (const statement of [
      `set allowed_directories = [${literal(files.folder)}, ${literal(tempFolder)}]`,
      'set enable_external_access = false',
      'set lock_configuration = true',
    ]) {
      await database.run(statement);
    }
    yield* readDuckdb(database.connection, sql, options);
  } finally {
    database.close();
  }
}

/** The names of the tables that a statement speaks of, in small letters, without their schemas. */
function namedTables(database: LakeDatabase, sql: string): ReadonlySet<string> {
  try {
    const names = database.connection.getTableNames(sql, false);
    const wanted = new Set(names.map((name) => name.replaceAll('"', '').toLowerCase()));
    return wanted.has(usersByProfile) ? wanted.add('users').add('aliases') : wanted;
  } catch (cause) {
    throw lakeFailure(cause);
  }
}

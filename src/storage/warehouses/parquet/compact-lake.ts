import { quoted } from '../sql/names.ts';
import { orderColumn, readFiles } from './lake-sql.ts';
import { type LakeFile, type LakeState, tableKey } from './lake-state.ts';

const megabyte = 1024 ** 2;
/** Files below this are small, and so many small ones of a table and day become one. */
const smallBytes = 32 * megabyte;
const smallFiles = 8;
/** What is merged at once, at most: its rows are in memory or on disk meanwhile. */
const mergedFiles = 64;
const mergedBytes = 128 * megabyte;
/** DuckDB reads each column of each file at once: tables of more than 750 columns are not merged. */
const mergedColumns = 6_000;
/** Merges after one load: it should not hold up the next. */
const mergesAtOnce = 4;

/** The groups of small files that are worth a merge, those with most files first. */
export function mergesOf(state: LakeState): readonly (readonly LakeFile[])[] {
  const groups = new Map<string, LakeFile[]>();
  for (const file of state.files.values()) {
    if (file.bytes >= smallBytes) continue;
    const key = JSON.stringify([file.schema, file.table, file.day]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return [...groups.values()]
    .map((group) => bounded(group, state))
    .filter((group) => group.length >= smallFiles)
    .toSorted((one, other) => other.length - one.length)
    .slice(0, mergesAtOnce);
}

function bounded(group: readonly LakeFile[], { tables }: LakeState): readonly LakeFile[] {
  const [{ schema, table: name } = { schema: '', table: '' }] = group;
  const columns = tables.get(tableKey({ schema, name }))?.columns.length ?? 1;
  let bytes = 0;
  return group
    .slice(0, Math.min(mergedFiles, Math.floor(mergedColumns / columns)))
    .filter((file, at) => {
      bytes += file.bytes;
      return at < smallFiles || bytes <= mergedBytes;
    });
}

/** The rows of these files as one; of a latest state the newest row of each id. */
export function mergedRows(paths: readonly string[], { day }: Pick<LakeFile, 'day'>): string {
  const rows = `select * from ${readFiles(paths)}`;
  if (day !== '') return rows;
  return `${rows} qualify row_number() over (partition by id order by ${quoted(orderColumn)} desc) = 1`;
}

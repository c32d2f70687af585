const megabyte = 1024 * 1024;
/** Enough for tables of usual width; beyond, DuckDB uses the disk. */
const usual = 112 * megabyte;
/** It works on 2,048 rows at a time, in several places at once: what a column takes while it is loaded. */
const bytesOfColumn = 400 * 1024;

/** What DuckDB may hold in memory while it makes files of a lake with so many columns. */
export function memoryLimit(columns: number): string {
  return `${Math.ceil((usual + columns * bytesOfColumn) / megabyte)}MB`;
}

import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { CellValue, ColumnShape } from '../../../core/warehouse-engine.ts';
import { encodeRows, quotedCsv } from '../sql/encode-rows.ts';
import { literal } from '../sql/names.ts';
import { lakeTypes } from './lake-sql.ts';

/** Of a line, and of a buffer for lines: no row is longer than four times the largest event. */
const bufferBytes = 4 * 1024 * 1024;

/** Rows on their way into DuckDB: a file of CSV, which it reads in threads of its own. */
export class StagedRows {
  readonly #file: string;

  constructor(tempFolder: string) {
    this.#file = join(tempFolder, 'lake-rows.csv');
  }

  /** Writes them; what is selected from is good until the next call. */
  source(rows: readonly (readonly CellValue[])[], columns: readonly ColumnShape[]): string {
    const file = openSync(this.#file, 'w', 0o600);
    try {
      for (const chunk of encodeRows(rows, columns.length, quotedCsv)) writeSync(file, chunk);
    } finally {
      closeSync(file);
    }
    const described = columns.map(
      ({ name, type }) => `${literal(name)}: ${literal(lakeTypes[type])}`,
    );
    return `read_csv(${literal(this.#file)}, columns = {${described.join(', ')}}, auto_detect = false,
      header = false, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false,
      new_line = '\\n', max_line_size = ${bufferBytes}, buffer_size = ${bufferBytes})`;
  }

  remove(): void {
    rmSync(this.#file, { force: true });
  }
}

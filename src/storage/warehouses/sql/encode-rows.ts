import { rowLine } from '../../../core/row-line.ts';
import type { CellValue, LineFormat } from '../../../core/warehouse-engine.ts';

const special = /[\\\t\n\r]/;

/** COPY's own format of PostgreSQL. */
export const copyText: LineFormat = {
  delimiter: '\t',
  empty: '\\N',
  text: (value) => (special.test(value) ? value.replace(/[\\\t\n\r]/g, escaped) : value),
};

/** CSV in which a text is quoted and null is not. */
export const quotedCsv: LineFormat = {
  delimiter: ',',
  empty: '',
  text: (value) => (value.includes('"') ? `"${value.replaceAll('"', '""')}"` : `"${value}"`),
};

/** Characters gathered before they become bytes. */
const chunkLength = 256 * 1024;

/** The rows as bytes, a part of them at a time. Each row gets `width` values. */
export function* encodeRows(
  rows: readonly (readonly CellValue[])[],
  width: number,
  format: LineFormat,
): Generator<Buffer> {
  let chunk = '';
  for (const row of rows) {
    chunk += rowLine(row, width, format);
    if (chunk.length >= chunkLength) {
      yield Buffer.from(chunk);
      chunk = '';
    }
  }
  if (chunk !== '') yield Buffer.from(chunk);
}

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};

function escaped(character: string): string {
  return escapes[character] ?? character;
}

import type { CellValue } from '../../../core/warehouse-engine.ts';

/** How rows are written for a bulk load. */
export interface RowFormat {
  readonly delimiter: string;
  readonly empty: string;
  text(value: string): string;
}

const special = /["\\\t\n\r]/;

/** COPY's own format of PostgreSQL. */
export const copyText: RowFormat = {
  delimiter: '\t',
  empty: '\\N',
  text: (value) => (special.test(value) ? value.replace(/[\\\t\n\r]/g, escaped) : value),
};

/** CSV in which a text is quoted and null is not. */
export const quotedCsv: RowFormat = {
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
  { delimiter, empty, text }: RowFormat,
): Generator<Buffer> {
  let chunk = '';
  for (const row of rows) {
    for (let at = 0; at < width; at++) {
      if (at > 0) chunk += delimiter;
      const value = row[at] ?? null;
      if (value === null) chunk += empty;
      else if (typeof value === 'string') chunk += text(value);
      else chunk += value;
    }
    chunk += '\n';
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

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { TributaryError } from '../../core/errors.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { QueryPage } from '../../core/warehouse-engine.ts';
import type { ExportJob } from './load-process.ts';

/** Writes rows to a file, a JSON object a line. Resolves with their number once they can be read. */
export async function exportRows(
  pages: AsyncIterable<QueryPage>,
  { file, mostBytes }: Pick<ExportJob, 'file' | 'mostBytes'>,
): Promise<number> {
  const stream = createWriteStream(file, { flags: 'wx', mode: 0o600 });
  let rows = 0;
  try {
    for await (const { columns, rows: some } of pages) {
      rows += some.length;
      const text = some.map((row) => `${JSON.stringify(objectOf(columns, row))}\n`).join('');
      if (!stream.write(text)) await once(stream, 'drain');
      if (stream.bytesWritten <= mostBytes) continue;
      const message = `The rows of the query take more than ${mostBytes} bytes`;
      throw new TributaryError('warehouse_failed', message);
    }
  } finally {
    stream.end();
    await finished(stream);
  }
  return rows;
}

function objectOf(columns: QueryPage['columns'], row: QueryPage['rows'][number]): JsonObject {
  return Object.fromEntries(
    columns.map(({ name, type }, index) => [name, exportedOf(type, row[index] ?? null)]),
  );
}

/** Moments as ISO 8601, JSON as what it says, and numbers that are exact as numbers. */
function exportedOf(type: string, value: QueryPage['rows'][number][number]): Json {
  if (typeof value !== 'string') return value;
  if (/^(nullable\()?(timestamp|datetime)/i.test(type)) return momentOf(value);
  if (/^(jsonb?|.*\[\]|list|struct|map)/i.test(type)) return parsed(value);
  if (/^(nullable\()?(numeric|decimal)/i.test(type)) return exactOf(value);
  return value;
}

/** Engines write a moment without `T`, and one without an offset is UTC. */
function momentOf(text: string): string {
  const [, date, time, offset] =
    /^(\d{4}-\d\d-\d\d)[ T]([\d:.]+)\s*(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(text) ?? [];
  if (date === undefined || time === undefined) return text;
  const zone = offset === undefined || offset === 'Z' ? 'Z' : offset.padEnd(6, ':00');
  const at = Date.parse(`${date}T${time.replace(/(\.\d{3})\d+$/, '$1')}${zone}`);
  return Number.isNaN(at) ? text : new Date(at).toISOString();
}

function exactOf(text: string): string | number {
  const number = Number(text);
  return String(number) === text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') ? number : text;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    // A list that its engine writes in its own way stays what it is.
    return text;
  }
}

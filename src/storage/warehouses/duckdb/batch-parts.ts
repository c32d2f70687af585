import type { TableBatch } from '../../../core/warehouse-engine.ts';

/** The ids of its rows, in their order. */
export function idsOf({ columns, rows, lines }: TableBatch): readonly string[] {
  if (lines !== undefined) return lines.ids;
  const at = columns.findIndex(({ name }) => name === 'id');
  return rows.map((row) => String(row[at]));
}

/** When the first of the rows was received; undefined: the table does not say. Moments as texts are in order. */
export function oldestReceipt({ columns, rows, lines }: TableBatch): string | undefined {
  if (lines !== undefined) return lines.since;
  const at = columns.findIndex(({ name }) => name === 'received_at');
  let oldest: string | undefined;
  for (const row of rows) {
    const received = row[at];
    if (typeof received !== 'string') return undefined;
    if (oldest === undefined || received < oldest) oldest = received;
  }
  return oldest;
}

/** The batch, in batches of so many rows at the most. Its lines are CSV. */
export function* partsOf(batch: TableBatch, rowsAtOnce: number): Generator<TableBatch> {
  const { rows, lines } = batch;
  if (Math.max(rows.length, lines?.ids.length ?? 0) <= rowsAtOnce) {
    yield batch;
    return;
  }
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    yield { ...batch, rows: rows.slice(at, at + rowsAtOnce) };
  }
  if (lines === undefined) return;
  const bytes = Buffer.concat(lines.bytes);
  let from = 0;
  for (let at = 0; at < lines.ids.length; at += rowsAtOnce) {
    const ids = lines.ids.slice(at, at + rowsAtOnce);
    const until = endOfLines(bytes, from, ids.length);
    yield { ...batch, lines: { ...lines, bytes: [bytes.subarray(from, until)], ids } };
    from = until;
  }
}

const [quote, newLine] = [0x22, 0x0a];

/** Where so many lines of CSV end. A text may have new lines; a quote in it is there twice. */
function endOfLines(bytes: Buffer, from: number, count: number): number {
  let isQuoted = false;
  let ended = 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) isQuoted = !isQuoted;
    else if (byte === newLine && !isQuoted) ended += 1;
    if (ended === count) return at + 1;
  }
  return bytes.length;
}

import type { Client } from 'pg';
import { TributaryError } from '../../../core/errors.ts';
import type { QueryOptions, QueryResult } from '../../../core/warehouse-engine.ts';
import { plainValue } from '../sql/read-cell.ts';

/** Class of the answers to a statement that took too long. */
const queryCanceled = '57014';

/** Runs one statement that reads, in a transaction that can do nothing else, and takes of its rows what is asked for. */
export async function queryPostgres(
  client: Client,
  sql: string,
  { rows: most, offset, timeoutMs }: QueryOptions,
): Promise<QueryResult> {
  try {
    await client.query('begin transaction read only');
    await client.query(`set local statement_timeout = ${Math.round(timeoutMs)}`);
    // With a name it is prepared, which takes one statement.
    await client.query({ name: 'page', text: `declare page no scroll cursor for ${sql}` });
    if (offset > 0) await client.query(`move ${offset} in page`);
    const { rows, fields } = await client.query<unknown[]>({
      text: `fetch ${most + 1} from page`,
      rowMode: 'array',
    });
    const names = await typeNames(
      client,
      fields.map(({ dataTypeID }) => dataTypeID),
    );
    const types = fields.map(({ dataTypeID }) => names.get(dataTypeID) ?? '');
    return {
      columns: fields.map(({ name }, index) => ({ name, type: types[index] ?? '' })),
      rows: rows
        .slice(0, most)
        .map((row) => row.map((value, index) => plainValue(types[index] ?? '', value))),
      more: rows.length > most,
    };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const isLate = error instanceof Error && 'code' in error && error.code === queryCanceled;
    const message = isLate ? `The query took longer than ${timeoutMs / 1000} s` : words;
    throw new TributaryError('input_validation', message, { field: 'sql', cause: error });
  }
}

async function typeNames(
  client: Client,
  ids: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const { rows } = await client.query<{ id: number; name: string }>(
    'select oid::int as id, format_type(oid, null) as name from pg_type where oid = any($1::oid[])',
    [ids],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

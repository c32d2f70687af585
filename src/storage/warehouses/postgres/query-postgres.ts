import { type Client, type CustomTypesConfig, types } from 'pg';
import { TributaryError } from '../../../core/errors.ts';
import type {
  QueryOptions,
  QueryPage,
  QueryResult,
  ReadOptions,
} from '../../../core/warehouse-engine.ts';
import { plainValue } from '../sql/read-cell.ts';

/** Class of the answers to a statement that took too long. */
const queryCanceled = '57014';

/** Rows that are fetched at once where all are wanted. */
const rowsAtOnce = 2_000;

/** Runs one statement that reads, in a transaction that can do nothing else, and takes of its rows what is asked for. */
export async function queryPostgres(
  client: Client,
  sql: string,
  { rows: most, offset, timeoutMs }: QueryOptions,
): Promise<QueryResult> {
  return await asQuery(timeoutMs, async () => {
    await declare(client, sql, timeoutMs);
    if (offset > 0) await client.query(`move ${offset} in page`);
    const { columns, rows } = await fetchRows(client, most + 1, new Map());
    return { columns, rows: rows.slice(0, most), more: rows.length > most };
  });
}

/** All rows of such a statement, as of its beginning. */
export async function* readPostgres(
  client: Client,
  sql: string,
  { timeoutMs, signal }: ReadOptions,
): AsyncGenerator<QueryPage> {
  await asQuery(timeoutMs, () => declare(client, sql, timeoutMs));
  const names = new Map<number, string>();
  for (;;) {
    signal.throwIfAborted();
    const page = await asQuery(timeoutMs, () => fetchRows(client, rowsAtOnce, names));
    yield page;
    if (page.rows.length < rowsAtOnce) return;
  }
}

async function declare(client: Client, sql: string, timeoutMs: number): Promise<void> {
  await client.query('begin transaction isolation level repeatable read read only');
  await client.query(`set local statement_timeout = ${Math.round(timeoutMs)}`);
  // With a name it is prepared, which takes one statement.
  await client.query({ name: 'page', text: `declare page no scroll cursor for ${sql}` });
}

/** `names`: those of types that are known. */
async function fetchRows(
  client: Client,
  count: number,
  names: Map<number, string>,
): Promise<QueryPage> {
  const { rows, fields } = await client.query<unknown[]>({
    text: `fetch ${count} from page`,
    rowMode: 'array',
    types: asWritten,
  });
  const ids = fields.map(({ dataTypeID }) => dataTypeID);
  if (ids.some((id) => !names.has(id))) {
    for (const [id, name] of await typeNames(client, ids)) names.set(id, name);
  }
  const types = ids.map((id) => names.get(id) ?? '');
  return {
    columns: fields.map(({ name }, index) => ({ name, type: types[index] ?? '' })),
    rows: rows.map((row) => row.map((value, index) => plainValue(types[index] ?? '', value))),
  };
}

/** Moments and days as the server writes them: of `Date` they would have milliseconds, and the time of our own zone. */
const asWritten: CustomTypesConfig = {
  getTypeParser: (id: number, format: 'text' | 'binary' = 'text') => {
    if (format === 'text' && moments.has(id)) return isoOf;
    return format === 'text' ? types.getTypeParser(id, 'text') : types.getTypeParser(id, 'binary');
  },
};

/** Of `date`, `timestamp` and `timestamp with time zone`. */
const moments: ReadonlySet<number> = new Set([
  types.builtins.DATE,
  types.builtins.TIMESTAMP,
  types.builtins.TIMESTAMPTZ,
]);

/** The session is in UTC. A day is a day; what is no moment, such as `infinity`, and years before Christ stay as they are. */
function isoOf(text: string): string {
  const parts = /^(\d{4,6}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?(?:\+00)?$/.exec(text);
  if (parts === null) return text;
  const [, day, time, fraction = ''] = parts;
  return `${day}T${time}.${fraction.padEnd(3, '0')}Z`;
}

async function asQuery<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
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

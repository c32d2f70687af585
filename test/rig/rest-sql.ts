/**
 * Substitutes for warehouses that can be had nowhere but in a cloud: the part of their REST interfaces that we use, in front of DuckDB,
 * which runs the statements once what only their SQL has was put into its words. They prove the protocol and the steps
 * of a load; that the real ones take each statement they cannot.
 */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Json, JsonObject } from '../../src/core/json.ts';
import {
  bodyOf,
  type LoopbackServer,
  loopbackServer,
} from '../../src/core/testing/loopback-server.ts';

export interface RestSql extends Pick<LoopbackServer, 'url' | 'close'> {
  /** What was asked, in order. */
  readonly statements: readonly string[];
  /** A statement that it says yes to fails. */
  readonly failing: { on: (sql: string) => boolean };
}

interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly Json[])[];
}

type Ask = (sql: string) => Promise<Answer>;
type Route = (
  ask: Ask,
  request: { readonly path: string; readonly body: JsonObject; readonly login: string },
) => Promise<{ readonly status: number; readonly body: Json }>;

async function restSql(
  translate: (sql: string) => string,
  setUp: string[],
  route: Route,
): Promise<RestSql> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const statement of ["set timezone = 'UTC'", ...setUp]) await connection.run(statement);
  const statements: string[] = [];
  const failing = { on: (_sql: string) => false };
  let turn: Promise<unknown> = Promise.resolve();
  const ask: Ask = (sql) => {
    statements.push(sql);
    const done = turn.then(() => {
      if (failing.on(sql)) throw new TypeError('The far end broke off');
      return run(connection, translate(sql));
    });
    turn = done.catch(() => undefined);
    return done;
  };
  const server = await loopbackServer(async (request, response) => {
    const text = await bodyOf(request);
    const { status, body } = await route(ask, {
      path: request.url ?? '',
      body: text === '' ? {} : JSON.parse(text),
      login: String(request.headers.authorization),
    });
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  return { url: server.url, close: () => server.close(), statements, failing };
}

async function run(connection: DuckDBConnection, sql: string): Promise<Answer> {
  const result = await connection.run(sql);
  const types = result.columnTypes();
  const columns = result.columnNames().map((name, at) => ({ name, type: String(types[at]) }));
  const rows = await result.getRowsJson();
  return { columns, rows: rows.map((row) => row.map((cell) => plain(cell))) };
}

const plain = (cell: unknown): Json =>
  cell === null || cell === undefined
    ? null
    : typeof cell === 'object'
      ? JSON.stringify(cell)
      : String(cell);

/** Texts with escapes by backslashes, as DuckDB writes them; what stands between texts is given to `outside`. */
function translated(sql: string, outside: (part: string) => string): string {
  const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t' };
  return sql
    .split(/('(?:[^'\\]|\\[\s\S])*')/)
    .map((part, at) => {
      if (at % 2 === 0) return outside(part);
      const text = part.slice(1, -1).replace(/\\([\s\S])/g, (_, one) => escapes[one] ?? one);
      return `'${text.replaceAll("'", "''")}'`;
    })
    .join('');
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Snowflake's SQL API; a result has partitions of two rows, and the first answer is that the statement still runs. */
export function startSnowflake(): Promise<RestSql> {
  const results = new Map<string, Answer>();
  const page = (handle: string, part: number) => {
    const { columns, rows } = results.get(handle) ?? { columns: [], rows: [] };
    const parts = Math.max(1, Math.ceil(rows.length / 2));
    const rowType = columns.map(({ name, type }) => ({
      name,
      type: /INT|DECIMAL/.test(type) ? 'fixed' : type === 'DOUBLE' ? 'real' : type.toLowerCase(),
      scale: /INT/.test(type) ? 0 : null,
    }));
    const meta = { partitionInfo: Array.from({ length: parts }, () => ({})), rowType };
    return { resultSetMetaData: meta, data: rows.slice(part * 2, part * 2 + 2) };
  };
  return restSql(
    (sql) =>
      translated(sql, (part) =>
        part
          .replace(/timestamp_ntz\(6\)/g, 'timestamp')
          .replace(/number\(19, 0\)/g, 'bigint')
          .replace(/varchar\(\d+\)/g, 'varchar'),
      ).replace(
        /select lower\(table_name\)[\s\S]*where table_schema = '(\w+)'/,
        (_, schema) =>
          `select lower(table_name), lower(column_name), case data_type when 'VARCHAR' then case lower(column_name) when 'overflow' then 'TEXT(16777216)' else 'TEXT(512)' end when 'BIGINT' then 'NUMBER' else data_type end from information_schema.columns where upper(table_schema) = '${schema}'`,
      ),
    ["create macro to_char(a, b) as strftime(a, '%Y-%m-%dT%H:%M:%S.%fZ')"],
    async (ask, { path, body, login }) => {
      if (!login.startsWith('Bearer ') || login.endsWith('wrong')) {
        return { status: 401, body: { message: 'Programmatic access token is invalid.' } };
      }
      const [, handle, part] = /statements\/([\w-]+)(?:\?partition=(\d+))?/.exec(path) ?? [];
      if (handle !== undefined) return { status: 200, body: page(handle, Number(part ?? 0)) };
      try {
        const own = `handle-${results.size}`;
        results.set(own, await ask(String(body['statement'])));
        return { status: 202, body: { statementHandle: own } };
      } catch (error) {
        return { status: 422, body: { message: messageOf(error) } };
      }
    },
  );
}

/** Databricks' Statement Execution API; a result has chunks of two rows, and the first answer is that the statement still runs. */
export function startDatabricks(): Promise<RestSql> {
  const results = new Map<string, Answer | string>();
  const chunk = (id: string, rows: Answer['rows'], at: number): JsonObject => ({
    data_array: rows.slice(at, at + 2),
    ...(rows.length > at + 2 && {
      next_chunk_internal_link: `/api/2.0/sql/statements/${id}/result/chunks/${at + 2}`,
    }),
  });
  return restSql(
    (sql) =>
      translated(sql, (part) =>
        part
          .replaceAll('`', '"')
          .replace(/ using delta/g, '')
          .replace(/\bstring\b/g, 'varchar')
          .replace(/\btimestamp\b(?!')/g, 'timestamptz')
          .replace(/timestamp(?=$)/, 'timestamptz '),
      )
        .replace(/date_format\(([^,]+), "[^"]*"\)/g, (_, column) => `date_format(${column})`)
        .replace(/date_format\(([^,]+), "yyyy[\s\S]*?"\)/g, (_, column) => `date_format(${column})`)
        .replace(
          /data_type from information_schema/,
          "case data_type when 'VARCHAR' then 'STRING' when 'TIMESTAMP WITH TIME ZONE' then 'TIMESTAMP' else data_type end from information_schema",
        ),
    ["create macro date_format(a) as strftime(a, '%Y-%m-%dT%H:%M:%S.%fZ')"],
    async (ask, { path, body, login }) => {
      if (login.endsWith('wrong'))
        return { status: 403, body: { message: 'Invalid access token.' } };
      const [, id, at] = /statements\/([\w-]+)(?:\/result\/chunks\/(\d+))?/.exec(path) ?? [];
      if (id === undefined) {
        const own = `statement-${results.size}`;
        results.set(own, await ask(String(body['statement'])).catch(messageOf));
        return { status: 200, body: { statement_id: own, status: { state: 'PENDING' } } };
      }
      const result = results.get(id) ?? '';
      if (typeof result === 'string') {
        const status = { state: 'FAILED', error: { message: result } };
        return { status: 200, body: { statement_id: id, status } };
      }
      if (at !== undefined) return { status: 200, body: chunk(id, result.rows, Number(at)) };
      const columns = result.columns.map(({ name, type }) => ({ name, type_name: type }));
      const done = { status: { state: 'SUCCEEDED' }, manifest: { schema: { columns } } };
      return {
        status: 200,
        body: { statement_id: id, ...done, result: chunk(id, result.rows, 0) },
      };
    },
  );
}

/** BigQuery's jobs; a result has pages of two rows. */
export function startBigquery(): Promise<RestSql> {
  const results = new Map<string, Answer | string>();
  const kinds: Record<string, string> = {
    ...{
      BIGINT: 'INTEGER',
      DOUBLE: 'FLOAT',
      BOOLEAN: 'BOOLEAN',
      'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP',
    },
  };
  return restSql(
    (sql) =>
      translated(sql, (part) =>
        part
          .replaceAll('`', '"')
          .replace(/ options\(location = $/, ' --')
          .replace(/\bstring\b/g, 'varchar')
          .replace(/\bfloat64\b/g, 'double')
          .replace(/\btimestamp\b/g, 'timestamptz')
          .replace(/ partition by date\(received_at\)/g, ''),
      ).replace(
        /select table_name, column_name, data_type from "(\w+)"\.INFORMATION_SCHEMA\.COLUMNS/,
        (_, schema) =>
          `select table_name, column_name, case data_type when 'VARCHAR' then 'STRING' when 'BIGINT' then 'INT64' when 'DOUBLE' then 'FLOAT64' when 'BOOLEAN' then 'BOOL' else 'TIMESTAMP' end from (select * from information_schema.columns where table_schema = '${schema}')`,
      ),
    ["create macro format_timestamp(a, b, c) as strftime(b, '%Y-%m-%dT%H:%M:%S.%fZ')"],
    async (ask, { path, body }) => {
      const [, polled] = /queries\/([\w-]+)/.exec(path) ?? [];
      const reference = (jobId: string) => ({ projectId: 'project', jobId, location: 'EU' });
      if (polled === undefined) {
        const { jobReference, configuration } = JSON.parse(JSON.stringify(body));
        const id = String(jobReference.jobId);
        results.set(id, await ask(configuration.query.query).catch(messageOf));
        const result = results.get(id);
        if (typeof result === 'string') {
          const error = {
            code: 400,
            message: result,
            errors: [{ message: result, reason: 'invalidQuery' }],
          };
          return { status: 400, body: { error } };
        }
        return { status: 200, body: { jobReference: reference(id), status: { state: 'DONE' } } };
      }
      const result = results.get(polled);
      if (result === undefined || typeof result === 'string') return { status: 404, body: {} };
      const from = Number(/pageToken=(\d+)/.exec(path)?.[1] ?? 0);
      const fields = result.columns.map(({ name, type }) => ({
        name,
        type: kinds[type] ?? 'STRING',
      }));
      const rows = result.rows.slice(from, from + 2).map((row) => ({
        f: row.map((cell, at) => ({
          v:
            cell !== null && fields[at]?.type === 'TIMESTAMP'
              ? String(Date.parse(String(cell)) * 1_000)
              : cell,
        })),
      }));
      return {
        status: 200,
        body: {
          ...{ jobComplete: true, jobReference: reference(polled), schema: { fields }, rows },
          totalRows: String(result.rows.length),
          ...(result.rows.length > from + 2 && { pageToken: String(from + 2) }),
        },
      };
    },
  );
}

import { systemClock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Client } from './client.ts';
import { printJson } from './print-json.ts';
import { findSource } from './sources.ts';

interface SyncOptions {
  readonly warehouse?: string;
  readonly from?: string;
  readonly to?: string;
  readonly source?: string;
  readonly collection?: string;
}

interface SqlOptions {
  readonly warehouse?: string;
  readonly limit: string;
  readonly offset: string;
  readonly json?: boolean;
}

const askEveryMs = 500;
/** Characters of a value in a table that is printed. */
const shownLength = 60;

/** `tributary sync`: asks for a sync, waits for its end and prints what came of it. */
export async function syncWarehouse(client: Client, options: SyncOptions): Promise<void> {
  const id = await findWarehouse(client, options.warehouse);
  const { from, to, source, collection } = options;
  const body = {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(source !== undefined && { sourceId: (await findSource(client, source))['id'] ?? null }),
    ...(collection !== undefined && { collection }),
  };
  let { sync } = await client.call('POST', `/warehouses/${id}/syncs`, body);
  while (isJsonObject(sync) && sync['status'] === 'WAITING') {
    await systemClock.sleep(askEveryMs);
    ({ sync } = await client.call('GET', `/warehouses/${id}/syncs/${sync['id']}`));
  }
  printJson(sync);
  if (isJsonObject(sync) && sync['status'] === 'FAILURE') process.exitCode = 1;
}

/** `tributary test-warehouse`: fails with the reason where it cannot be reached. */
export async function testWarehouse(
  client: Client,
  { warehouse }: Pick<SyncOptions, 'warehouse'>,
): Promise<void> {
  const id = await findWarehouse(client, warehouse);
  const answer = await client.call('GET', `/warehouses/${id}/connection-test`);
  const { connectionState, message } = answer;
  if (connectionState !== 'CONNECTED') {
    throw new TributaryError('warehouse_failed', String(message));
  }
  process.stdout.write('connected\n');
}

/** `tributary sql`: prints the rows as a table, or as lines of JSON. */
export async function queryWarehouse(
  client: Client,
  sql: string,
  options: SqlOptions,
): Promise<void> {
  const id = await findWarehouse(client, options.warehouse);
  const body = { sql, count: Number(options.limit), offset: Number(options.offset) };
  const answer = await client.call('POST', `/warehouses/${id}/query`, body);
  const names = listOf(answer['columns']).map((column) =>
    isJsonObject(column) ? String(column['name']) : '',
  );
  const rows = listOf(answer['rows']).map(listOf);
  if (options.json === true) {
    for (const row of rows) {
      const entries = names.map((name, index) => [name, row[index] ?? null] as const);
      process.stdout.write(`${JSON.stringify(Object.fromEntries(entries))}\n`);
    }
  } else {
    process.stdout.write(table(names, rows));
  }
  if (answer['nextOffset'] !== null) {
    process.stderr.write(`There are more rows: --offset ${answer['nextOffset']}\n`);
  }
}

/** The id of the warehouse with this id or name; of the first when none is named. */
export async function findWarehouse(client: Client, name: string | undefined): Promise<string> {
  const { warehouses } = await client.call('GET', '/warehouses?pagination[count]=200');
  const all = listOf(warehouses).filter(isJsonObject);
  const found =
    name === undefined ? all[0] : all.find((one) => one['id'] === name || nameOf(one) === name);
  if (found !== undefined) return String(found['id']);
  const message = name === undefined ? 'There is no warehouse' : `There is no warehouse ${name}`;
  throw new TributaryError('not_found', message);
}

function nameOf({ settings }: JsonObject): Json | undefined {
  return isJsonObject(settings) ? settings['name'] : undefined;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** Rows under their names, for people; values are cut at `most` characters. */
export function table(
  names: readonly string[],
  rows: readonly (readonly Json[])[],
  most = shownLength,
): string {
  const shown = rows.map((row) => row.map((value) => textOf(value, most)));
  const widths = names.map((name, index) =>
    Math.max(name.length, ...shown.map((row) => row[index]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `${cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()}\n`;
  const rule = widths.map((width) => '-'.repeat(width));
  return [names, rule, ...shown].map(line).join('');
}

function textOf(value: Json, most: number): string {
  const text = value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  const flat = text.replace(/\s+/g, ' ');
  return flat.length > most ? `${flat.slice(0, most - 1)}…` : flat;
}

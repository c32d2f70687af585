import assert from 'node:assert/strict';
import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../../core/errors.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { FunctionVersionTable } from '../../../core/tables/shaping-tables.ts';

export type VersionRow = Selectable<FunctionVersionTable>;

/** The row of a version of the function. Rejects with `not_found`. */
export async function findVersion(
  db: Kysely<ControlTables>,
  functionId: string,
  id: string,
): Promise<VersionRow> {
  const row = await db
    .selectFrom('function_version')
    .selectAll()
    .where('function_id', '=', functionId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) {
    throw new TributaryError('not_found', `Version with id '${id}' not found.`);
  }
  return row;
}

/** The version whose code is the function's. */
export async function latestVersion(
  db: Kysely<ControlTables>,
  functionId: string,
): Promise<VersionRow> {
  const row = await db
    .selectFrom('function_version')
    .selectAll()
    .where('function_id', '=', functionId)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  assert(row !== undefined, 'a function has the version it was made with, or a later one');
  return row;
}

/** The version that is deployed; undefined while none is. */
export async function deployedVersion(
  db: Kysely<ControlTables>,
  functionId: string,
): Promise<VersionRow | undefined> {
  return db
    .selectFrom('function_version')
    .selectAll()
    .where('function_id', '=', functionId)
    .where('deployed', '=', 1)
    .executeTakeFirst();
}

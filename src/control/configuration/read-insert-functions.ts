import type { Kysely } from 'kysely';
import type { InsertFunction } from '../../core/functions.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { secretSettings } from '../functions/declared-settings.ts';

/**
 * The insert functions in front of sources and destinations, by the id of either: of instances that are on, the code that is
 * deployed. Where nothing is deployed yet, events pass as they are.
 */
export async function readInsertFunctions(
  db: Kysely<ControlTables>,
): Promise<ReadonlyMap<string, InsertFunction>> {
  const rows = await db
    .selectFrom('function_instance as instance')
    .innerJoin('user_function as made', 'made.id', 'instance.function_id')
    .innerJoin('function_version as version', 'version.function_id', 'made.id')
    .select([
      'instance.id',
      'instance.source_id',
      'instance.destination_id',
      'instance.settings',
      'made.settings as declared',
      'version.id as version_id',
      'version.code',
    ])
    .where('instance.enabled', '=', 1)
    .where('version.deployed', '=', 1)
    .orderBy('instance.position')
    .execute();
  return new Map(
    rows.flatMap((row) => {
      const place = row.destination_id ?? row.source_id;
      if (place === null) return [];
      const insert: InsertFunction = {
        id: row.id,
        version: { id: row.version_id, kind: 'insert', code: row.code },
        secrets: secretSettings(row.declared),
        settings: JSON.parse(row.settings),
      };
      return [[place, insert] as const];
    }),
  );
}

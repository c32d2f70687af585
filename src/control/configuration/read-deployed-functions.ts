import type { Kysely } from 'kysely';
import type { ConnectedFunction } from '../../core/functions.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { secretSettings } from '../functions/declared-settings.ts';
import { catalogIdOf } from '../functions/workspace-kinds.ts';

/** The code of source and destination functions that is deployed, by the id of their entry in the catalogue. */
export async function readDeployedFunctions(
  db: Kysely<ControlTables>,
): Promise<ReadonlyMap<string, ConnectedFunction>> {
  const rows = await db
    .selectFrom('user_function as made')
    .innerJoin('function_version as version', 'version.function_id', 'made.id')
    .select(['made.id', 'made.resource_type', 'made.settings', 'version.id as version_id'])
    .select('version.code')
    .where('made.resource_type', 'in', ['DESTINATION', 'SOURCE'])
    .where('version.deployed', '=', 1)
    .execute();
  return new Map(
    rows.map((row) => {
      const kind = row.resource_type === 'SOURCE' ? 'source' : 'destination';
      const version = { id: row.version_id, kind, code: row.code } as const;
      return [catalogIdOf(row.id), { version, secrets: secretSettings(row.settings) }] as const;
    }),
  );
}

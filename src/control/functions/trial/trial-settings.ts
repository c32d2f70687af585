import { TributaryError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json.ts';
import { openJsonSettings } from '../../../core/secret-box.ts';
import { requireAccess } from '../../access/require-access.ts';
import type { ReadContext } from '../../context.ts';
import type { FunctionRow } from '../find-function.ts';
import { catalogIdOf } from '../workspace-kinds.ts';

/**
 * The settings that a place has for a function: a destination, a source, or an instance of it. Code may do with them what it
 * likes, so it asks for the source too. Rejects with `not_found` and `forbidden`.
 */
export async function trialSettings(
  { db, environment, principal }: ReadContext,
  row: FunctionRow,
  id: string,
): Promise<JsonObject> {
  const catalogId = catalogIdOf(row.id);
  const destination = await db
    .selectFrom('destination')
    .select(['id', 'source_id as owner', 'settings'])
    .where('metadata_id', '=', catalogId)
    .where('id', '=', id)
    .executeTakeFirst();
  const source = await db
    .selectFrom('source')
    .select(['id', 'id as owner', 'settings'])
    .where('metadata_id', '=', catalogId)
    .where('id', '=', id)
    .executeTakeFirst();
  const instance = await db
    .selectFrom('function_instance as instance')
    .leftJoin('destination', 'destination.id', 'instance.destination_id')
    .select(({ fn }) => [
      'instance.id',
      fn.coalesce('instance.source_id', 'destination.source_id').as('owner'),
      'instance.settings',
    ])
    .where('instance.function_id', '=', row.id)
    .where('instance.id', '=', id)
    .executeTakeFirst();
  const found = destination ?? source ?? instance;
  if (found === undefined) {
    throw new TributaryError('not_found', `Function '${row.id}' is not used by '${id}'.`);
  }
  const resource = { type: 'SOURCE', id: found.owner ?? '' } as const;
  await requireAccess(db, principal, 'admin', { area: 'source', resource });
  return openJsonSettings(environment.secrets, JSON.parse(found.settings), found.id);
}

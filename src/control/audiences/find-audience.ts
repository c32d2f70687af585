import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { AudienceTable } from '../../core/tables/space-tables.ts';
import { findSpace } from '../spaces/find-space.ts';

export type AudienceRow = Selectable<AudienceTable>;

/** The row of an audience of a space. Rejects with `not_found` of either. */
export async function findAudience(
  db: Kysely<ControlTables>,
  spaceId: string,
  id: string,
): Promise<AudienceRow> {
  const space = await findSpace(db, spaceId);
  const query = db.selectFrom('audience').selectAll().where('id', '=', id);
  const row = await query.where('space_id', '=', space.id).executeTakeFirst();
  if (row !== undefined) return row;
  throw new TributaryError('not_found', `Audience with id '${id}' not found.`);
}

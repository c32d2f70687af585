import type { JsonObject } from '../../core/json.ts';
import type { WriteContext } from '../context.ts';
import { author } from '../spaces/author.ts';
import { type AudienceRow, findAudience } from './find-audience.ts';

export interface AudienceChange {
  readonly name?: string;
  readonly description?: string;
  readonly enabled?: boolean;
  readonly query?: string;
  readonly targetEntity?: string | null;
  /** In place of those there are. */
  readonly options?: JsonObject;
}

/** Changes an audience; what is absent stays, its key always. */
export async function changeAudience(
  { db, principal, now }: WriteContext,
  row: AudienceRow,
  change: AudienceChange,
): Promise<AudienceRow> {
  await db
    .updateTable('audience')
    .set({
      name: change.name ?? row.name,
      description: change.description ?? row.description,
      enabled: (change.enabled ?? row.enabled === 1) ? 1 : 0,
      query: change.query ?? row.query,
      target_entity: change.targetEntity ?? row.target_entity,
      options: change.options === undefined ? row.options : JSON.stringify(change.options),
      updated_by: author(principal),
      updated_at: now,
    })
    .where('id', '=', row.id)
    .execute();
  return findAudience(db, row.space_id, row.id);
}

import type { WriteContext } from '../context.ts';
import { author } from '../spaces/author.ts';
import { type ComputedTraitRow, findComputedTrait } from './find-computed-trait.ts';
import type { NewComputedTrait } from './make-computed-trait.ts';

/** Changes a computed trait; what is absent stays, its key and its options always. */
export async function changeComputedTrait(
  { db, principal, now }: WriteContext,
  row: ComputedTraitRow,
  change: Partial<Omit<NewComputedTrait, 'options'>>,
): Promise<ComputedTraitRow> {
  await db
    .updateTable('computed_trait')
    .set({
      name: change.name ?? row.name,
      description: change.description ?? row.description,
      enabled: (change.enabled ?? row.enabled === 1) ? 1 : 0,
      type: change.definition?.type ?? row.type,
      query: change.definition?.query ?? row.query,
      updated_by: author(principal),
      updated_at: now,
    })
    .where('id', '=', row.id)
    .execute();
  return findComputedTrait(db, row.space_id, row.id);
}

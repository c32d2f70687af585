import type { JsonObject } from '../../core/json.ts';
import type { WriteContext } from '../context.ts';
import { newId } from '../ids.ts';
import { author } from '../spaces/author.ts';
import { findSpace } from '../spaces/find-space.ts';
import { takeKey } from '../spaces/take-key.ts';
import { type ComputedTraitRow, findComputedTrait } from './find-computed-trait.ts';

export interface NewComputedTrait {
  readonly name: string;
  readonly description?: string;
  readonly enabled?: boolean;
  readonly definition: { readonly type: 'USERS' | 'ACCOUNTS'; readonly query: string };
  readonly options?: JsonObject;
}

/** Makes a computed trait in a space. Throws `not_found`, and `conflict` with the field. */
export async function makeComputedTrait(
  { db, environment, principal, revision, now }: WriteContext,
  spaceId: string,
  given: NewComputedTrait,
): Promise<ComputedTraitRow> {
  const space = await findSpace(db, spaceId);
  const key = await takeKey(db, 'computed_trait', space.id, given.name);
  const id = newId(environment.random);
  const [created_by, updated_by] = [author(principal), author(principal)];
  await db
    .insertInto('computed_trait')
    .values({
      ...{ id, space_id: space.id, position: revision, name: given.name, key },
      description: given.description ?? null,
      enabled: given.enabled === false ? 0 : 1,
      ...given.definition,
      options: JSON.stringify(given.options ?? {}),
      ...{ created_by, updated_by, created_at: now, updated_at: now },
    })
    .execute();
  return findComputedTrait(db, space.id, id);
}

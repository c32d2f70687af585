import type { JsonObject } from '../../core/json.ts';
import type { WriteContext } from '../context.ts';
import { newId } from '../ids.ts';
import { InputFailure } from '../input-failure.ts';
import { author } from '../spaces/author.ts';
import { findSpace } from '../spaces/find-space.ts';
import { takeKey } from '../spaces/take-key.ts';
import { type AudienceRow, findAudience } from './find-audience.ts';

export interface NewAudience {
  readonly name: string;
  readonly description?: string;
  readonly enabled?: boolean;
  readonly type: 'USERS' | 'ACCOUNTS' | 'LINKED';
  readonly query: string;
  /** Of a linked audience, which needs one. */
  readonly targetEntity?: string | null;
  readonly options?: JsonObject;
}

/** Makes an audience in a space. Throws `not_found`, `conflict` with the field, `input_validation`. */
export async function makeAudience(
  context: WriteContext,
  spaceId: string,
  given: NewAudience,
): Promise<AudienceRow> {
  const { db, environment, principal, revision, now } = context;
  const space = await findSpace(db, spaceId);
  const targetEntity = given.targetEntity ?? null;
  if (given.type === 'LINKED' && targetEntity === null) {
    const field = 'definition.targetEntity';
    throw new InputFailure([{ field, message: `"${field}" is required` }]);
  }
  const key = await takeKey(db, 'audience', space.id, given.name);
  const id = newId(environment.random);
  const [created_by, updated_by] = [author(principal), author(principal)];
  await db
    .insertInto('audience')
    .values({
      ...{ id, space_id: space.id, position: revision, name: given.name, key },
      description: given.description ?? null,
      enabled: given.enabled === false ? 0 : 1,
      type: given.type,
      query: given.query,
      target_entity: targetEntity,
      options: JSON.stringify(given.options ?? {}),
      ...{ created_by, updated_by, created_at: now, updated_at: now },
    })
    .execute();
  return findAudience(db, space.id, id);
}

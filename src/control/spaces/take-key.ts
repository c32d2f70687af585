import type { Kysely } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';

/**
 * The key of a new audience or trait, made of its name: `Big Spenders` is `big_spenders`. Throws `conflict` where
 * another one of the space has it, and where the space is full.
 */
export async function takeKey(
  db: Kysely<ControlTables>,
  table: 'audience' | 'computed_trait',
  spaceId: string,
  name: string,
): Promise<string> {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .match(/[a-z0-9]+/g) ?? [table];
  const key = words.join('_').slice(0, 255);
  const ofSpace = db.selectFrom(table).where('space_id', '=', spaceId);
  const taken = await ofSpace.select('name').where('key', '=', key).executeTakeFirst();
  if (taken !== undefined) {
    const text = `The key '${key}' is that of '${taken.name}'.`;
    throw new TributaryError('conflict', text, { field: 'name' });
  }
  const { count } = await ofSpace
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) >= limits.computedPerSpace) {
    throw new TributaryError('conflict', `A space holds at most ${limits.computedPerSpace}.`);
  }
  return key;
}

import type { Kysely } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { Type } from '../schemas/type.ts';

/** Letters, digits, `-`, `_` and `.`: what fits a path and a table name. */
export const Slug = Type.String({ minLength: 1, maxLength: 255, pattern: '^[A-Za-z0-9._-]+$' });

/** Throws `conflict` when another source has this slug (spec public-api §6). */
export async function refuseTakenSlug(
  db: Kysely<ControlTables>,
  slug: string,
  except?: string,
): Promise<void> {
  const row = await db
    .selectFrom('source')
    .select('id')
    .where('slug', '=', slug)
    .executeTakeFirst();
  if (row !== undefined && row.id !== except) {
    throw new TributaryError('conflict', `A source with the slug '${slug}' exists already.`, {
      field: 'slug',
    });
  }
}

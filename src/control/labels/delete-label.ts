import type { Kysely } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { type LabelPair, parseGrants } from '../access/grant.ts';
import type { WriteContext } from '../context.ts';
import { type LabelRow, requireLabel } from './find-label.ts';

/** Deletes a label. Throws `not_found`, and `conflict` while a source or a role has it. */
export async function deleteLabel({ db }: WriteContext, pair: LabelPair): Promise<LabelRow> {
  const row = await requireLabel(db, pair);
  const user = await userOf(db, pair);
  if (user !== undefined) {
    throw new TributaryError('conflict', `The label is in use: ${user} has it.`);
  }
  await db
    .deleteFrom('label')
    .where('key', '=', pair.key)
    .where('value', '=', pair.value)
    .execute();
  return row;
}

async function userOf(db: Kysely<ControlTables>, pair: LabelPair): Promise<string | undefined> {
  const source = await db
    .selectFrom('source_label')
    .select('source_id')
    .where('key', '=', pair.key)
    .where('value', '=', pair.value)
    .executeTakeFirst();
  if (source !== undefined) return `the source '${source.source_id}'`;
  for (const table of ['iam_user', 'user_group', 'invite', 'token'] as const) {
    const rows = await db.selectFrom(table).select(['id', 'permissions']).execute();
    const found = rows.find(({ permissions }) => grantsName(permissions ?? '[]', pair));
    if (found !== undefined) return `a role of ${names[table]} '${found.id}'`;
  }
  return undefined;
}

const names = {
  iam_user: 'the user',
  user_group: 'the user group',
  invite: 'the invite',
  token: 'the access token',
} as const;

function grantsName(permissions: string, { key, value }: LabelPair): boolean {
  return parseGrants(permissions).some(({ resources }) =>
    resources.some(({ labels = [] }) =>
      labels.some((label) => label.key === key && label.value === value),
    ),
  );
}

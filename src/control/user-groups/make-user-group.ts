import type { Kysely } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { WriteContext } from '../context.ts';
import { newId } from '../ids.ts';
import { findUserGroup, type UserGroupRow } from './find-user-group.ts';

/** Makes a group without members and roles. Throws `conflict` for a name that another one has. */
export async function makeUserGroup(
  { db, environment, revision, now }: WriteContext,
  name: string,
): Promise<UserGroupRow> {
  await refuseTakenName(db, name);
  const id = newId(environment.random);
  const row = { id, workspace_id: environment.workspace.id, position: revision, name };
  await db
    .insertInto('user_group')
    .values({ ...row, permissions: '[]', created_at: now })
    .execute();
  return findUserGroup(db, id);
}

/** Names a group anew. Throws `conflict` for a name that another one has. */
export async function renameUserGroup(
  { db }: WriteContext,
  { id }: UserGroupRow,
  name: string,
): Promise<UserGroupRow> {
  await refuseTakenName(db, name, id);
  await db.updateTable('user_group').set({ name }).where('id', '=', id).execute();
  return findUserGroup(db, id);
}

async function refuseTakenName(
  db: Kysely<ControlTables>,
  name: string,
  own?: string,
): Promise<void> {
  const query = db.selectFrom('user_group').select('id').where('name', '=', name);
  const found = await query.executeTakeFirst();
  if (found === undefined || found.id === own) return;
  const text = `The workspace has a user group of the name '${name}'.`;
  throw new TributaryError('conflict', text, { field: 'name' });
}

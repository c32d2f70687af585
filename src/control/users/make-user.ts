import { TributaryError } from '../../core/errors.ts';
import { addGrants } from '../access/add-grants.ts';
import { checkGrants } from '../access/check-grants.ts';
import { type Grant, parseGrants } from '../access/grant.ts';
import type { WriteContext } from '../context.ts';
import { newId } from '../ids.ts';
import { findUser, type UserRow } from './find-user.ts';

export interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly grants: readonly Grant[];
}

/**
 * Makes a user. An invite of the same address ends: the user has what it promised, and is in the groups
 * it was put in. Throws `conflict` for an address that is a user's, and `input_validation` for grants.
 */
export async function makeUser(context: WriteContext, given: NewUser): Promise<UserRow> {
  const { db, environment, revision, now } = context;
  const email = given.email.toLowerCase();
  const users = db.selectFrom('iam_user').select('id').where('email', '=', email);
  if ((await users.executeTakeFirst()) !== undefined) {
    throw new TributaryError('conflict', `${email} is a user already.`, { field: 'email' });
  }
  await checkGrants(db, given.grants);
  const invites = db.selectFrom('invite').select('permissions').where('email', '=', email);
  const promised = parseGrants((await invites.executeTakeFirst())?.permissions ?? '[]');
  await db.deleteFrom('invite').where('email', '=', email).execute();
  const id = newId(environment.random);
  await db
    .insertInto('iam_user')
    .values({
      id,
      workspace_id: environment.workspace.id,
      position: revision,
      email,
      name: given.name,
      permissions: JSON.stringify(addGrants(promised, given.grants)),
      created_at: now,
    })
    .execute();
  return findUser(db, id);
}

import type { Kysely } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { requireAnAdmin } from '../access/require-an-admin.ts';
import { takePositions } from '../configuration/next-revision.ts';
import type { WriteContext } from '../context.ts';
import { InputFailure, type InputProblem } from '../input-failure.ts';
import type { UserGroupRow } from './find-user-group.ts';

/** How many members groups have, by their id: users, and people invited. */
export async function countMembers(
  db: Kysely<ControlTables>,
  groupIds: readonly string[],
): Promise<Map<string, number>> {
  if (groupIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('user_group_member')
    .select(['group_id', ({ fn }) => fn.countAll().as('count')])
    .where('group_id', 'in', groupIds)
    .groupBy('group_id')
    .execute();
  return new Map(rows.map(({ group_id, count }) => [group_id, Number(count)]));
}

/** The addresses of a group's members, in the order in which they came. */
export async function readMembers(
  db: Kysely<ControlTables>,
  { id }: Pick<UserGroupRow, 'id'>,
): Promise<string[]> {
  const rows = await db
    .selectFrom('user_group_member')
    .select('email')
    .where('group_id', '=', id)
    .orderBy('position')
    .execute();
  return rows.map(({ email }) => email);
}

/**
 * Puts users and people invited in a group; who is in it stays where it is, and with `replace` nobody else
 * stays. Throws `input_validation` with the field of an address that is neither.
 */
export async function putInGroup(
  context: WriteContext,
  { id }: UserGroupRow,
  given: readonly string[],
  replace: boolean,
): Promise<void> {
  const { db, environment } = context;
  const emails = given.map((email) => email.toLowerCase());
  await refuseStrangers(db, emails);
  const held = await readMembers(db, { id });
  const wanted = new Set(emails);
  if (replace) {
    const leaving = held.filter((email) => !wanted.has(email));
    await remove(db, id, leaving);
  }
  const coming = [...wanted].filter((email) => !held.includes(email));
  if (coming.length > 0) {
    const positions = await takePositions(db, environment.workspace.id, coming.length);
    const rows = coming.map((email, index) => ({
      group_id: id,
      email,
      position: positions[index] ?? 0,
    }));
    await db.insertInto('user_group_member').values(rows).execute();
  }
  await requireAnAdmin(context);
}

/** Takes members out of a group. Throws `not_found` for an address that is not in it. */
export async function takeFromGroup(
  context: WriteContext,
  { id }: UserGroupRow,
  given: readonly string[],
): Promise<void> {
  const { db } = context;
  const emails = given.map((email) => email.toLowerCase());
  const held = await readMembers(db, { id });
  const stranger = emails.find((email) => !held.includes(email));
  if (stranger !== undefined) {
    throw new TributaryError('not_found', `The user group has no member '${stranger}'.`);
  }
  await remove(db, id, emails);
  await requireAnAdmin(context);
}

async function remove(db: Kysely<ControlTables>, id: string, emails: readonly string[]) {
  if (emails.length === 0) return;
  await db
    .deleteFrom('user_group_member')
    .where('group_id', '=', id)
    .where('email', 'in', emails)
    .execute();
}

async function refuseStrangers(
  db: Kysely<ControlTables>,
  emails: readonly string[],
): Promise<void> {
  if (emails.length === 0) return;
  const known = new Set<string>();
  for (const table of ['iam_user', 'invite'] as const) {
    const query = db.selectFrom(table).select('email').where('email', 'in', emails);
    for (const { email } of await query.execute()) known.add(email);
  }
  const problems: InputProblem[] = emails.flatMap((email, index) => {
    const field = `emails.${index}`;
    const message = `"${field}": ${email} is neither a user nor invited`;
    return known.has(email) ? [] : [{ field, message }];
  });
  if (problems.length > 0) throw new InputFailure(problems);
}

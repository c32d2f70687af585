import { TributaryError } from '../../core/errors.ts';
import { checkGrants } from '../access/check-grants.ts';
import type { Grant } from '../access/grant.ts';
import { takePositions } from '../configuration/next-revision.ts';
import type { WriteContext } from '../context.ts';
import { newId } from '../ids.ts';

export interface NewInvite {
  readonly email: string;
  /** What the user will have. */
  readonly grants: readonly Grant[];
}

/**
 * Invites people; the addresses, in lower case. Throws `conflict` for an address that is invited or a
 * user's, and `input_validation` for grants, each with its field: `invites.0.email`.
 */
export async function makeInvites(
  { db, environment, now }: WriteContext,
  invites: readonly NewInvite[],
): Promise<string[]> {
  const { id: workspaceId } = environment.workspace;
  const positions = await takePositions(db, workspaceId, invites.length);
  const emails: string[] = [];
  for (const [index, { email: given, grants }] of invites.entries()) {
    const email = given.toLowerCase();
    await checkGrants(db, grants, `invites.${index}.permissions`);
    for (const table of ['iam_user', 'invite'] as const) {
      const query = db.selectFrom(table).select('id').where('email', '=', email);
      if ((await query.executeTakeFirst()) === undefined) continue;
      const what = table === 'invite' ? 'invited' : 'a user';
      const text = `${email} is ${what} already.`;
      throw new TributaryError('conflict', text, { field: `invites.${index}.email` });
    }
    await db
      .insertInto('invite')
      .values({
        id: newId(environment.random),
        workspace_id: workspaceId,
        position: positions[index] ?? 0,
        email,
        permissions: JSON.stringify(grants),
        created_at: now,
      })
      .execute();
    emails.push(email);
  }
  return emails;
}

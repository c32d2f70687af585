import { TributaryError } from '../../core/errors.ts';
import type { WriteContext } from '../context.ts';

/** Takes invites back, and their places in groups; the addresses. Throws `not_found` for one that is none. */
export async function deleteInvites(
  { db }: WriteContext,
  given: readonly string[],
): Promise<string[]> {
  const emails = [...new Set(given.map((email) => email.toLowerCase()))];
  for (const email of emails) {
    const query = db.selectFrom('invite').select('id').where('email', '=', email);
    if ((await query.executeTakeFirst()) === undefined) {
      throw new TributaryError('not_found', `Invite of '${email}' not found.`);
    }
    await db.deleteFrom('user_group_member').where('email', '=', email).execute();
    await db.deleteFrom('invite').where('email', '=', email).execute();
  }
  return emails;
}

import { requireAnAdmin } from '../access/require-an-admin.ts';
import type { WriteContext } from '../context.ts';
import type { TokenRow } from './find-token.ts';

/** Ends an access token at once. Throws `conflict` where nobody could make another then. */
export async function revoke(context: WriteContext, row: TokenRow): Promise<void> {
  await context.db.deleteFrom('token').where('id', '=', row.id).execute();
  await requireAnAdmin(context);
}

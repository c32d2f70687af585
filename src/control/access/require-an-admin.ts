import { TributaryError } from '../../core/errors.ts';
import type { WriteContext } from '../context.ts';
import { authenticate } from './authenticate.ts';
import { mayAccess } from './require-access.ts';

/**
 * Rejects with `conflict` when nobody is left who may make tokens and give roles. Called after a change
 * that takes away rights, in its transaction.
 */
export async function requireAnAdmin({ db, now }: WriteContext): Promise<void> {
  const tokens = await db
    .selectFrom('token')
    .select('hash')
    .where('permission', '=', 'admin')
    .where(({ eb, or }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .orderBy('position')
    .execute();
  for (const { hash } of tokens) {
    const principal = await authenticate(db, hash, now);
    if (principal && (await mayAccess(db, principal, 'admin', { area: 'access' }))) return;
  }
  throw new TributaryError('conflict', 'After this nobody could make tokens or give roles.');
}

import type { Clock } from '../../core/clock.ts';
import type { DeletedUser, UserDeletion } from '../../core/deletion.ts';
import type { DeleteContext } from '../../core/destination.ts';
import { deletionOf } from '../deletion-event.ts';
import type { LibraryAccount } from './lane/library-account.ts';
import { oauthOf } from './probe/vendor-answer.ts';

/** Runs `onDelete` of a definition of the library. */
export async function deleteUser(
  account: LibraryAccount,
  { userId, anonymousId }: DeletedUser,
  { http, signal }: Pick<DeleteContext, 'http' | 'signal'>,
  { now }: Pick<Clock, 'now'>,
): Promise<UserDeletion> {
  const ids = { ...(userId && { userId }), ...(anonymousId && { anonymousId }) };
  try {
    const asked = await account.call({ http, signal, now }, {}, async (destination, input) => {
      if (destination.definition.onDelete === undefined) return false;
      const settings = { ...input.settings, oauth: oauthOf(input.auth) };
      await destination.onDelete?.({ type: 'delete', ...ids }, settings);
      return true;
    });
    if (!asked.ok) return deletionOf(asked.result);
    return { state: asked.value ? 'deleted' : 'unsupported' };
  } catch (error) {
    // A bug of the definition.
    const message = error instanceof Error ? error.message : String(error);
    return { state: 'failed', message, retry: false };
  }
}

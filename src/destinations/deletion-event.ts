import type { DeletedUser, UserDeletion } from '../core/deletion.ts';
import type { DeliveryResult } from '../core/destination.ts';
import type { JsonObject } from '../core/json.ts';

/** A regulation as destinations are told of it (spec tracking-api §12: `onDelete`). */
export function deletionEvent(user: DeletedUser, askedAt: number): JsonObject {
  return { type: 'delete', ...user, timestamp: new Date(askedAt).toISOString() };
}

/** What a request to delete has come to, in the words of deliveries. */
export function deletionOf(result: DeliveryResult): UserDeletion {
  if (result.kind === 'delivered') return { state: 'deleted' };
  return { state: 'failed', message: result.message, retry: result.kind === 'retry' };
}

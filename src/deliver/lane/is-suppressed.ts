import type { Suppressions } from '../../core/suppressions.ts';
import type { StoredEvent } from '../events/stored-event.ts';

/** Whether an event is of a suppressed user, or from before the deletion of its user. Ids that are too long to be suppressed stand in its meta as digests. */
export function isSuppressed({ source, meta }: StoredEvent, suppressions: Suppressions): boolean {
  if (suppressions.isEmpty) return false;
  const ids = { userId: meta.u, anonymousId: meta.a, previousId: meta.p };
  return suppressions.has(source, ids, meta.t);
}

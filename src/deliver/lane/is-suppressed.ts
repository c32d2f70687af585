import type { Suppressions } from '../../core/suppressions.ts';
import type { StoredEvent } from '../events/stored-event.ts';

/** Whether an event is of a suppressed user. Ids that are too long to be suppressed stand in its meta as digests. */
export function isSuppressed({ source, meta }: StoredEvent, suppressions: Suppressions): boolean {
  if (suppressions.isEmpty) return false;
  return suppressions.has(source, { userId: meta.u, anonymousId: meta.a, previousId: meta.p });
}

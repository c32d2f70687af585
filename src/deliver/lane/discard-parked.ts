import type { DiscardCode } from '../../core/discard-codes.ts';
import type { EventFeed } from '../events/event-feed.ts';
import type { ResultWriter } from '../results/result-writer.ts';
import type { LaneLedger } from './lane-ledger.ts';
import type { LaneTally } from './lane-tally.ts';

/** Read again at once: bounds the payloads held. */
const atOnce = 100;

export interface ParkedOwner {
  readonly lane: string;
  readonly connection: string;
  /** Undefined when the connection is gone: then each event says its own. */
  readonly source: string | undefined;
}

interface ParkedDeps {
  readonly feed: EventFeed;
  readonly results: ResultWriter;
  /** Of the lane, where there is still one. */
  readonly tally: LaneTally | undefined;
}

/**
 * Discards every parked event that is not being sent just now, with its payload, as long as
 * `goesOn` says so. Resolves once all are durable in `results`.
 */
export async function discardParked(
  ledger: LaneLedger,
  owner: ParkedOwner,
  reason: { readonly code: DiscardCode; readonly message: string },
  { feed, results, tally }: ParkedDeps,
  goesOn: () => boolean = () => true,
): Promise<void> {
  while (goesOn()) {
    const items = ledger.someParked(atOnce);
    if (items.length === 0) break;
    const offsets = items.map(({ offset }) => offset);
    for (const item of items) item.sending = true;
    const events = await feed.readAt(owner.source, offsets).catch((error: unknown) => {
      for (const item of items) item.sending = false;
      throw error;
    });
    const discards = items.map(async (item) => {
      const event = events.get(item.offset);
      await results.discard({
        lane: owner.lane,
        connection: owner.connection,
        source: event?.source ?? owner.source ?? '',
        code: reason.code,
        message: reason.message,
        attempts: item.retries.attempts,
        event,
        from: item.offset,
        to: item.offset,
        count: 1,
      });
      tally?.discarded(event, reason.code, 1, item.retries.attempts);
      ledger.finish(item);
    });
    await Promise.all(discards);
  }
}

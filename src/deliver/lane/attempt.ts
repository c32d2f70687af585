import type {
  BatchContext,
  BatchedEvent,
  DeliveryResult,
  Lane,
  LaneBatches,
  SendContext,
} from '../../core/destination.ts';
import type { Event } from '../../core/event.ts';

/** What came of one attempt. `bug`: the lane threw, which it never should. */
export type AttemptResult = DeliveryResult | { readonly kind: 'bug'; readonly error: unknown };

export async function attempt(
  lane: Lane,
  event: Event,
  context: SendContext,
): Promise<AttemptResult> {
  try {
    return await lane.send(event, context);
  } catch (error) {
    return { kind: 'bug', error };
  }
}

/** A result for each event of the batch. */
export async function attemptBatch(
  batches: LaneBatches,
  batch: readonly BatchedEvent[],
  context: BatchContext,
): Promise<readonly AttemptResult[]> {
  try {
    return await batches.sendBatch(batch, context);
  } catch (error) {
    return batch.map(() => ({ kind: 'bug', error }));
  }
}

export function describeBug(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

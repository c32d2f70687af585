import type {
  BatchContext,
  BatchedEvent,
  DeliveryResult,
  Lane,
  LaneBatches,
  SendContext,
} from '../../core/destination.ts';
import type { EditedEvent } from './edited-by.ts';

/** What came of one attempt. `bug`: the lane threw, which it never should. */
export type AttemptResult = DeliveryResult | { readonly kind: 'bug'; readonly error: unknown };

export async function attempt(
  lane: Lane,
  edited: EditedEvent,
  context: SendContext,
): Promise<AttemptResult> {
  try {
    if (lane.sendText !== undefined) return await lane.sendText(context);
    return await lane.send(edited.event, context);
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

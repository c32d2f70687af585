import assert from 'node:assert/strict';
import { discardTable } from '../../core/discard-codes.ts';
import type { Event } from '../../core/event.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Redeliver } from '../../core/redelivery.ts';
import type { ReturnDeps } from '../../functions/stage/return-lane.ts';
import { forwardedOf } from '../../process/shaping/forwarded.ts';
import type { SourceShapers } from '../../process/shaping/source-shapers.ts';

/** What process does with events of other sources, for those that come back from the insert function of theirs. */
export function shapeReturned(
  shapers: SourceShapers,
  forward: Redeliver | undefined,
): NonNullable<ReturnDeps['shape']> {
  return async (source, event, isForwarded) => {
    await shapers.refresh();
    const shaper = shapers.of(source);
    if (shaper === undefined) return { event };
    const shaped = shaper.shape(event, event.type, isForwarded);
    const items = [...forwardedOf(shaper, event, shaped)];
    if (forward !== undefined && items.length > 0) {
      const outcomes = await forward(items);
      const failed = outcomes.find((outcome) => outcome.kind === 'failed');
      if (failed !== undefined) return { result: { kind: 'retry', message: failed.message } };
    }
    if (shaped.kind === 'blocked') {
      const { code, detail = '' } = shaped;
      const message = `${discardTable[code].meaning} ${detail}`.trim();
      return { result: { kind: 'discard', code, message } };
    }
    assert(isEvent(shaped.event), 'what shapes events leaves what makes them events');
    return { event: shaped.event };
  };
}

function isEvent(event: JsonObject): event is Event {
  return typeof event['type'] === 'string' && typeof event['messageId'] === 'string';
}

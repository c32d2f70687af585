import type { Json, JsonObject } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { batchOf } from './batch-of.ts';
import {
  type BatchBounds,
  type BatchVerdict,
  checkBatch,
  checkEnvelope,
  type Rejection,
} from './check-batch.ts';
import { problem } from './problem.ts';
import { problems } from './problems.ts';
import { refusals } from './refusal.ts';
import { storable, type Verdict } from './verdict.ts';

/**
 * Decides on a batch: 400 only when its envelope is malformed; bad items never fail the good ones,
 * and a batch of nothing but bad ones is answered 200 as well (spec tracking-api §6.3, C4).
 */
export function judgeBatch(bounds: BatchBounds, body: Buffer, value: JsonObject): Verdict {
  const items: Json | undefined = value['batch'];
  if (!Array.isArray(items)) {
    const discard = 'bad_request';
    return {
      ...storable(body, value),
      good: 0,
      discard,
      count: 1,
      problem: problems.batchNotArray,
    };
  }
  const fault = checkEnvelope(value);
  if (fault !== undefined) {
    const { code, message, field } = fault;
    return {
      ...storable(body, value),
      good: 0,
      discard: code,
      count: items.length,
      problem: problem('validation_error', message, { detail: code, field }),
    };
  }
  if (items.length === 0) {
    return { ...storable(body, value), good: 0, discard: 'empty_batch', count: 1 };
  }
  const checked = checkBatch(items, value, bounds, body.length);
  const { good, needsNonce: lacksId, rejections } = checked;
  if (rejections.length === 0) return { body, value, good, lacksId };
  const kept = rewrite(body, value, items, checked);
  return { ...kept, good, lacksId, rejections, answer: answerOf(rejections) };
}

/** The batch without what must not be stored: items nested too deeply, and those far beyond the bound. */
function rewrite(
  body: Buffer,
  value: JsonObject,
  items: readonly Json[],
  { rejections, recorded }: BatchVerdict,
): { body: Buffer; value: JsonObject } {
  const deep = rejections.filter(({ refusal }) => refusal === refusals.tooDeep);
  if (deep.length === 0 && recorded === items.length) return { body, value };
  const batch: Json[] = items.slice(0, recorded);
  for (const { index } of deep) batch[index] = null;
  const kept = batchOf(value, batch);
  return { body: Buffer.from(JSON.stringify(kept)), value: kept };
}

function answerOf(rejections: readonly Rejection[]): string {
  const rejected = rejections
    .slice(0, limits.rejectedItems)
    .map(({ index, refusal: { code, message } }) => ({ index, code, message }));
  return JSON.stringify({ success: true, rejected });
}

import type { DiscardCode } from '../core/discard-codes.ts';
import type { Json } from '../core/json.ts';
import { limits } from '../core/limits.ts';
import { batchOf, itemsOf } from './batch-of.ts';
import {
  type BatchBounds,
  type BatchVerdict,
  checkBatch,
  checkEnvelope,
  type Rejection,
} from './check-batch.ts';
import { type Payload, payloadOf } from './payload.ts';
import { type Problem, problem } from './problem.ts';
import { problems } from './problems.ts';
import { refusals } from './refusal.ts';
import { type Judgement, storable, type Verdict } from './verdict.ts';

/**
 * Decides on a batch: 400 only when its envelope is malformed; bad items never fail the good ones,
 * and a batch of nothing but bad ones is answered 200 as well (spec tracking-api §6.3, C4). `takesObjects`: items
 * may be objects for the warehouses, as core/objects.ts has them.
 */
export function judgeBatch(bounds: BatchBounds, payload: Payload, takesObjects = false): Judgement {
  const { skimmed } = payload;
  const items: Json | undefined = skimmed['batch'];
  if (!Array.isArray(items)) {
    return refused(payload, 'bad_request', 1, problems.batchNotArray);
  }
  const fault = checkEnvelope(skimmed);
  if (fault !== undefined) {
    const { code, message, field } = fault;
    const answer = problem('validation_error', message, { detail: code, field });
    return refused(payload, code, items.length, answer);
  }
  if (items.length === 0) {
    const verdict: Verdict = { good: 0, discard: 'empty_batch', count: 1 };
    return { payload: storable(payload), verdict };
  }
  const checked = checkBatch(payload, items, bounds, takesObjects);
  const { good, needsNonce: lacksId, rejections } = checked;
  if (rejections.length === 0) return { payload, verdict: { good, lacksId } };
  return {
    payload: rewrite(payload, items.length, checked),
    verdict: { good, lacksId, rejections, answer: answerOf(rejections) },
  };
}

function refused(
  payload: Payload,
  discard: DiscardCode,
  count: number,
  answer: Problem,
): Judgement {
  const verdict: Verdict = { good: 0, discard, count, problem: answer };
  return { payload: storable(payload), verdict };
}

/** The batch without what must not be stored: items nested too deeply, and those far beyond the bound. */
function rewrite(
  payload: Payload,
  length: number,
  { rejections, recorded }: BatchVerdict,
): Payload {
  const deep = rejections.filter(({ refusal }) => refusal === refusals.tooDeep);
  if (deep.length === 0 && recorded === length) return payload;
  const batch = itemsOf(payload.exact).slice(0, recorded);
  for (const { index } of deep) batch[index] = null;
  return payloadOf(batchOf(payload.exact, batch));
}

function answerOf(rejections: readonly Rejection[]): string {
  const rejected = rejections
    .slice(0, limits.rejectedItems)
    .map(({ index, refusal: { code, message } }) => ({ index, code, message }));
  return JSON.stringify({ success: true, rejected });
}

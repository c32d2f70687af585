import type { DiscardCode } from '../core/discard-codes.ts';
import { limits } from '../core/limits.ts';
import type { Rejection } from './check-batch.ts';
import { isWithinDepth } from './measure-json.ts';
import { type Payload, payloadOf } from './payload.ts';
import type { Problem } from './problem.ts';

/** What is decided on an authenticated request. */
export interface Judgement {
  /** What is recorded. Apart from the verdict, so that it need not be kept until the flush. */
  readonly payload: Payload;
  readonly verdict: Verdict;
}

/** What is recorded beside the payload, and what is answered once it is durable. */
export interface Verdict {
  /** Events kept. */
  readonly good: number;
  readonly rejections?: readonly Rejection[];
  /** The whole request is a discard. */
  readonly discard?: DiscardCode;
  /** Events refused, where they are not all in `rejections`. */
  readonly count?: number;
  /** A kept event brings no messageId. */
  readonly lacksId?: boolean;
  /** The answer when it is not 200. */
  readonly problem?: Problem;
  /** The body of a 200 that says more than success. */
  readonly answer?: string;
}

const empty = payloadOf({});
/** Envelope, its array and an item's own nesting. */
const bodyDepth = limits.jsonDepth + 2;

/** The payload of a refused request, but an empty one when it is nested so deeply that no reader may walk it. */
export function storable(payload: Payload): Payload {
  return isWithinDepth(payload.skimmed, bodyDepth) ? payload : empty;
}

import type { Answers } from '../answers.ts';
import type { PathRoute } from '../route.ts';
import { type Tracking, TrackingCall } from '../tracking-call.ts';
import type { Wire } from '../wire.ts';
import { segmentstreamAnswers } from './segmentstream-answers.ts';
import { translateHit } from './translate-hit.ts';

/** Bytes of one call (seed 003). */
const mostBytes = 64 * 1_024;

/** SegmentStream's HTTP Tracking API: `POST /track` (seed 003). */
export function segmentstreamRoutes(tracking: Tracking, answers: Answers): PathRoute[] {
  const wire: Wire = {
    path: 'track',
    answers: segmentstreamAnswers(answers),
    mostBytes,
    isUnlimited: true,
    translate: translateHit,
  };
  return [
    {
      path: '/track',
      route: {
        method: 'POST',
        handle: (request, response) => new TrackingCall(tracking, request, response, wire).start(),
      },
    },
  ];
}

import { eventTypes } from '../core/event.ts';
import type { Answers } from './answers.ts';
import type { PathRoute } from './route.ts';
import { standardQuota } from './source-state.ts';
import { type Tracking, TrackingCall } from './tracking-call.ts';
import type { TrackingPath, Wire } from './wire.ts';

/** `/v1/batch` under all its names, the six calls by name and by first letter, and SDK telemetry (spec §2.1). */
export function trackingRoutes(tracking: Tracking, answers: Answers): PathRoute[] {
  const calls = eventTypes.flatMap((type) => [route(type, type), route(type.charAt(0), type)]);
  const batches = ['batch', 'import', 'b'].map((name) => route(name, 'batch'));
  // What RudderStack's browser SDK sends while its page is left.
  const beacon = { ...route('batch', 'batch'), path: '/beacon/v1/batch' };
  return [...calls, ...batches, beacon, telemetry(answers)];

  function route(name: string, path: TrackingPath): PathRoute {
    const wire: Wire = { path, answers };
    return {
      path: `/v1/${name}`,
      route: {
        method: 'POST',
        handle: (request, response) => new TrackingCall(tracking, request, response, wire).start(),
      },
    };
  }
}

/** What analytics.js tells of itself (spec §2.4): taken, so that it stays calm, and thrown away. */
function telemetry(answers: Answers): PathRoute {
  return {
    path: '/v1/m',
    route: {
      method: 'POST',
      handle: (_request, response) => answers.success(response, standardQuota),
    },
  };
}

import { eventTypes } from '../core/event.ts';
import type { PathRoute } from './route.ts';
import { standardQuota } from './source-state.ts';
import { type Tracking, TrackingCall, type TrackingPath } from './tracking-call.ts';

/** `/v1/batch` under all its names, the six calls by name and by first letter, and SDK telemetry (spec §2.1). */
export function trackingRoutes(tracking: Tracking): PathRoute[] {
  const calls = eventTypes.flatMap((type) => [route(type, type), route(type.charAt(0), type)]);
  const batches = ['batch', 'import', 'b'].map((name) => route(name, 'batch'));
  return [...calls, ...batches, telemetry(tracking)];

  function route(name: string, path: TrackingPath): PathRoute {
    return {
      path: `/v1/${name}`,
      route: {
        method: 'POST',
        handle: (request, response) => new TrackingCall(tracking, request, response, path).start(),
      },
    };
  }
}

/** What analytics.js tells of itself (spec §2.4): taken, so that it stays calm, and thrown away. */
function telemetry({ answers }: Tracking): PathRoute {
  return {
    path: '/v1/m',
    route: {
      method: 'POST',
      handle: (_request, response) => answers.success(response, standardQuota),
    },
  };
}

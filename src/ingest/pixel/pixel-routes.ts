import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';
import { type EventType, eventTypes } from '../../core/event.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { type Payload, payloadOf } from '../payload.ts';
import { type Refusal, refusals } from '../refusal.ts';
import type { Handler, PathRoute } from '../route.ts';
import { type Tracking, TrackingCall } from '../tracking-call.ts';
import type { Wire } from '../wire.ts';
import { pixelAnswers, sendPixel } from './pixel-answers.ts';
import { pixelQuery } from './pixel-query.ts';

/**
 * `GET /v1/pixel/<call>`: events from pages and mails that run no script (spec tracking-api §2.3). RudderStack
 * has two of them, at `/pixel/v1/`.
 */
export function pixelRoutes(tracking: Tracking): PathRoute[] {
  return [
    ...eventTypes.map((type) => pixelRoute(tracking, `/v1/pixel/${type}`, type)),
    ...(['track', 'page'] as const).map((type) => pixelRoute(tracking, `/pixel/v1/${type}`, type)),
  ];
}

function pixelRoute(tracking: Tracking, path: string, type: EventType): PathRoute {
  const handle: Handler = (request, response) => {
    // Who asks for the head alone shows nothing to anybody.
    if (request.method === 'HEAD') return sendPixel(response);
    const { event, isReadable } = pixelQuery(request.url ?? '');
    const wire = isReadable ? wireOf(type, tracking) : unreadable(type);
    const body = Buffer.from(JSON.stringify(event));
    new TrackingCall(tracking, request, response, wire).startWith(body);
  };
  return { path, route: { method: 'GET', handle } };
}

function wireOf(path: EventType, { clients }: Tracking): Wire {
  return {
    path,
    answers: pixelAnswers,
    translate: (payload, request) => withClient(payload, request, clients.address(request)),
  };
}

/** Known by its write key, it is refused where it can be seen. */
function unreadable(path: EventType): Wire {
  return { path, answers: pixelAnswers, translate: () => refusals.unreadableData };
}

/** No library runs at the user's side that could say so: address and browser are those of the request. */
function withClient(
  payload: Payload,
  request: IncomingMessage,
  address: string | undefined,
): Payload | Refusal {
  const { exact } = payload;
  const given = exact['context'];
  if (given !== undefined && !isJsonObject(given)) return refusals.context;
  const userAgent = request.headers['user-agent']?.slice(0, limits.userAgentLength);
  const filled: JsonObject = {
    library: { name: 'pixel' },
    // IPv6 addresses are not collected (spec tracking-api §7.3).
    ...(address !== undefined && isIPv4(address) && { ip: address }),
    ...(userAgent !== undefined && { userAgent }),
  };
  return payloadOf({ ...exact, context: { ...filled, ...given } });
}

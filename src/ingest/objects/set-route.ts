import { isJsonObject, type Json } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { objectItemType } from '../../core/objects.ts';
import type { Answers } from '../answers.ts';
import { type Payload, payloadOf } from '../payload.ts';
import { type Refusal, refusals } from '../refusal.ts';
import type { PathRoute } from '../route.ts';
import { type Tracking, TrackingCall } from '../tracking-call.ts';
import type { Wire } from '../wire.ts';
import { validateCollection } from './validate-object.ts';

/**
 * `POST /v1/set`: objects of one collection for the warehouses (spec tracking-api §2.7). They go the way of a batch: a
 * bad one does not fail the others. Writes are durable and in order when they are answered, with the header
 * `Synchronous` and without it.
 */
export function setRoute(tracking: Tracking, answers: Answers): PathRoute {
  const wire: Wire = { path: 'batch', answers, takesObjects: true, translate: batchOfObjects };
  return {
    path: '/v1/set',
    route: {
      method: 'POST',
      handle: (request, response) => new TrackingCall(tracking, request, response, wire).start(),
    },
  };
}

/** The batch that a body stands for, or why it stands for none. */
function batchOfObjects({ exact }: Payload): Payload | Refusal {
  const { collection } = exact;
  const fault = validateCollection(collection);
  if (fault !== undefined) return fault;
  const objects: Json | undefined = exact['objects'];
  if (!Array.isArray(objects) || objects.length === 0) return refusals.objects;
  if (objects.length > limits.objectsOfRequest) return refusals.tooManyObjects;
  const batch = objects.map((item: Json) =>
    isJsonObject(item)
      ? {
          type: objectItemType,
          collection: String(collection),
          id: item['id'],
          properties: item['properties'],
        }
      : item,
  );
  return payloadOf({ batch });
}

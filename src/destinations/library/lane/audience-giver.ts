import assert from 'node:assert/strict';
import type { ConnectedAudience } from '../../../core/connected-audience.ts';
import type { Event } from '../../../core/event.ts';
import { isJsonObject, type JsonObject } from '../../../core/json.ts';

/** An event as the code of a destination finds it. */
export type AudienceGiver = (event: Event) => Event;

/**
 * Where an event is of an audience that the destination is connected to, by its `context.personas.computation_key`, it gets what the
 * audience is at this vendor (`external_audience_id`) and its settings (`audience_settings`): actions find them in their payload and
 * in `audienceSettings`. What an event says itself gives way: at each vendor the audience is another.
 */
export function audienceGiver(audiences: readonly ConnectedAudience[]): AudienceGiver {
  if (audiences.length === 0) return (event) => event;
  const byKey = Map.groupBy(audiences, ({ key }) => key);
  return (event) => {
    const personas = personasOf(event);
    const key = personas?.['computation_key'];
    if (personas === undefined || typeof key !== 'string') return event;
    const space = personas['space_id'] ?? personas['namespace'];
    const own = byKey.get(key);
    const found = own?.find(({ spaceId }) => spaceId === space) ?? (space ? undefined : own?.[0]);
    return found === undefined ? event : given(event, personas, found);
  };
}

/** What must be equal of the events of one batch: actions are given the audience of the first. */
export function audienceMark(event: Event): string {
  const personas = personasOf(event);
  if (personas === undefined) return '';
  const { computation_key: key, external_audience_id: id, audience_settings: settings } = personas;
  return `${JSON.stringify([key, id, settings])} `;
}

function given(
  event: Event,
  personas: JsonObject,
  { id, spaceId, externalId, settings }: ConnectedAudience,
): Event {
  const { context } = event;
  assert(isJsonObject(context), 'personas stand in it');
  const whole: JsonObject = {
    ...{ computation_class: 'audience', computation_id: id, namespace: spaceId, space_id: spaceId },
    ...personas,
    ...(externalId !== undefined && { external_audience_id: externalId }),
    ...(Object.keys(settings).length > 0 && { audience_settings: settings }),
  };
  return { ...event, context: { ...context, personas: whole } };
}

function personasOf({ context }: Event): JsonObject | undefined {
  const personas = isJsonObject(context) ? context['personas'] : undefined;
  return isJsonObject(personas) ? personas : undefined;
}

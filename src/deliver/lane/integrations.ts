import type { DiscardCode } from '../../core/discard-codes.ts';
import type { Event } from '../../core/event.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { StoredEvent } from '../events/stored-event.ts';

const none: JsonObject = {};

const anywhere = { send: true, options: none } as const;

/** What is asked of an event to route it. */
export type Routed = Pick<StoredEvent, 'event' | 'goesAnywhere'>;

/** Whether an event is for a destination, and the options it carries for it. */
export type Routing =
  | { readonly send: true; readonly options: JsonObject }
  | { readonly send: false; readonly code: DiscardCode };

/**
 * The `integrations` object (spec tracking-api §7.6): the destination's own name, case-sensitive, wins
 * over `All`, which wins over on. An object means on, with options. What the client delivered itself
 * (`_metadata.bundled`) is not delivered again. A replay is an explicit act: it is taken for
 * `{All: false, <name>: true}`, with the options the event carries. What the event says of the destination
 * by name outdoes `eventsOff`, the track events that the schema of its source does not give to it.
 */
export function routingOf(
  stored: Routed,
  name: string,
  replay: boolean,
  eventsOff?: ReadonlySet<string>,
): Routing {
  if (stored.goesAnywhere && eventsOff === undefined) return anywhere;
  const { event } = stored;
  const integrations: unknown = event.integrations;
  const own = isJsonObject(integrations) ? ownValue(integrations, name) : undefined;
  const all = isJsonObject(integrations) ? ownValue(integrations, 'All') : undefined;
  const value = own ?? all ?? true;
  if (value === false && !replay) return { send: false, code: 'filtered_by_integrations_object' };
  if (own === undefined && !replay && isOff(event, eventsOff)) {
    return { send: false, code: 'filtered_by_source_schema' };
  }
  const metadata = event['_metadata'];
  const bundled = isJsonObject(metadata) ? metadata['bundled'] : undefined;
  if (Array.isArray(bundled) && bundled.includes(name)) {
    return { send: false, code: 'message_sent_client_side' };
  }
  return { send: true, options: isJsonObject(own) ? own : none };
}

function isOff({ type, event }: Event, names: ReadonlySet<string> | undefined): boolean {
  return names !== undefined && type === 'track' && typeof event === 'string' && names.has(event);
}

function ownValue(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

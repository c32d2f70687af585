import type { DeliveryResult, DestinationDefinition, Lane } from '../../core/destination.ts';
import { TributaryError } from '../../core/errors.ts';
import { type Event, eventTypes } from '../../core/event.ts';
import { briefOf } from '../../core/event-brief.ts';
import type { LogWriter } from '../../core/event-log.ts';
import { orderIdsOf } from '../../core/order-ids.ts';
import { type EventMeta, recordKinds } from '../../core/records.ts';

export const returnSlug = 'staged-events';

export interface ReturnDeps {
  /** The log `events`, shared with process. */
  readonly events: Pick<LogWriter, 'append'>;
  /** Takes out an event that an earlier run has returned, and not written down as done: it is not returned twice. */
  wasReturned(source: string, messageId: string): boolean;
  /** What the configuration of the source makes of the event behind its function. Absent: nothing. */
  shape?(source: string, event: Event, isForwarded: boolean): Promise<ReturnedEvent>;
}

/** The event as it goes on, or what became of it instead. */
export type ReturnedEvent = { readonly event: Event } | { readonly result: DeliveryResult };

/** Where events go from the insert function of their source: on to `events`, as all others. */
export function returnDefinition({
  events,
  wasReturned,
  shape,
}: ReturnDeps): DestinationDefinition {
  const laneOf = (source: string): Lane => ({
    id: 'events',
    send: async (event, { text, meta }) => {
      if (meta === undefined || wasReturned(source, meta.id)) return { kind: 'delivered' };
      const shaped =
        meta.raw === true && shape
          ? await shape(source, event, meta.forwarded === true)
          : { event };
      if ('result' in shaped) return shaped.result;
      const entry = {
        ...{ kind: recordKinds.event, source },
        meta: JSON.stringify(returnedMeta(meta, shaped.event)),
        body: Buffer.from(shaped.event === event ? text : JSON.stringify(shaped.event)),
      };
      try {
        await events.append([entry]);
      } catch (error) {
        if (!(error instanceof TributaryError && error.code === 'log_unavailable')) throw error;
        return { kind: 'retry', message: error.message };
      }
      return { kind: 'delivered' };
    },
  });
  return {
    ...{ id: '0f6e63646573740000000002', slug: returnSlug, name: '', description: '' },
    ...{ website: '', categories: [], supports: eventTypes, options: [] },
    takesAll: true,
    lanes: ({ source }) => ({ ok: true, lanes: [laneOf(String(source))] }),
  };
}

/** The function may have changed whose event it is. */
function returnedMeta({ i, n, t, type, id, test }: EventMeta, event: Event): EventMeta {
  const k = briefOf(type, event);
  return { i, n, t, type, id, ...orderIdsOf(event), ...(test && { test }), staged: true, k };
}

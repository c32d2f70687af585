import type {
  BatchContext,
  BatchedEvent,
  DeliveryResult,
  Lane,
  LaneBatches,
} from '../../core/destination.ts';
import type { Event } from '../../core/event.ts';
import { resultOfOutcome } from '../../core/function-result.ts';
import type { FunctionInput, Functions, InsertFunction } from '../../core/functions.ts';
import { isJsonObject } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';

type Inserted =
  | { readonly ok: true; readonly event: Event; readonly text: string }
  | { readonly ok: false; readonly result: DeliveryResult };

/**
 * The lane behind an insert function (spec tracking-api §12): each event goes through its code first, and what the
 * code returns is sent. What it drops, or fails on, never reaches the destination. It runs again with each attempt. A batch goes
 * through `onBatch`, `limits.functionBatchEvents` at once, where the code has that.
 * Whether a destination takes an event is decided on the event before the function.
 */
export function withInsertFunction(lane: Lane, insert: InsertFunction, functions: Functions): Lane {
  const { version, secrets, settings, id: instance } = insert;
  const invoke = (input: FunctionInput, signal: AbortSignal) =>
    functions.invoke({ version, secrets, settings, instance, signal, input });
  const inserted = async (
    { event, text }: { readonly event: Event; readonly text: string },
    signal: AbortSignal,
    attempt: number,
  ): Promise<Inserted> => {
    const { outcome } = await invoke({ kind: 'event', type: event.type, text }, signal);
    if (outcome.kind !== 'event') {
      return { ok: false, result: resultOfOutcome(outcome, attempt) };
    }
    return changedTo(outcome.text, event);
  };
  const insertedOneByOne = (batch: readonly BatchedEvent[], signal: AbortSignal) =>
    Promise.all(batch.map((one) => inserted(one, signal, 1)));
  const insertedTogether = async (
    batch: readonly BatchedEvent[],
    signal: AbortSignal,
  ): Promise<readonly Inserted[]> => {
    const { outcome } = await invoke(
      { kind: 'batch', texts: batch.map(({ text }) => text) },
      signal,
    );
    if (outcome.kind === 'events') {
      return batch.map(({ event }, at) => {
        const text = outcome.texts[at];
        return text === undefined ? { ok: false, result: dropped } : changedTo(text, event);
      });
    }
    // It has none after all.
    if (outcome.kind === 'failed' && outcome.failure === 'unsupported_event_type') {
      return insertedOneByOne(batch, signal);
    }
    return batch.map(() => ({ ok: false, result: resultOfOutcome(outcome, 1) }));
  };
  const insertedAll = async (
    batch: readonly BatchedEvent[],
    signal: AbortSignal,
  ): Promise<readonly Inserted[]> => {
    if (!/\bonBatch\b/.test(version.code)) return insertedOneByOne(batch, signal);
    const { functionBatchEvents: most } = limits;
    const parts = Array.from({ length: Math.ceil(batch.length / most) }, (_, at) =>
      insertedTogether(batch.slice(at * most, (at + 1) * most), signal),
    );
    return (await Promise.all(parts)).flat();
  };

  const { refuse, batches } = lane;
  return {
    id: lane.id,
    ...(refuse && { refuse: (event: Event) => refuse.call(lane, event) }),
    send: async (event, context) => {
      const { text, signal, attempt } = context;
      const one = await inserted({ event, text }, signal, attempt);
      if (!one.ok) return one.result;
      return await lane.send(one.event, { ...context, text: one.text });
    },
    ...(batches && {
      batches: {
        groupOf: (event: Event) => batches.groupOf(event),
        sendBatch: async (batch: readonly BatchedEvent[], context: BatchContext) => {
          const all = await insertedAll(batch, context.signal);
          return await sendChanged({ lane, batches, batch, all, context });
        },
      },
    }),
  };
}

const dropped = resultOfOutcome(
  { kind: 'failed', failure: 'dropped', message: 'onBatch returned no event in its place' },
  1,
);

function changedTo(text: string, before: Event): Inserted {
  const event = eventOf(text, before);
  return { ok: true, event, text: JSON.stringify(event) };
}

/** What the function returned; the ids that its event is known by here stay those it had. */
function eventOf(text: string, { type, messageId, receivedAt }: Event): Event {
  const changed: unknown = JSON.parse(text);
  const fields = isJsonObject(changed) ? changed : {};
  return { ...fields, type, messageId, receivedAt } as Event;
}

interface Changed {
  readonly lane: Lane;
  readonly batches: LaneBatches;
  readonly batch: readonly BatchedEvent[];
  readonly all: readonly Inserted[];
  readonly context: BatchContext;
}

/** The function may have changed what decides with which others an event may go: they are grouped anew. */
async function sendChanged({
  lane,
  batches,
  batch,
  all,
  context,
}: Changed): Promise<readonly DeliveryResult[]> {
  const results = new Map<number, DeliveryResult>();
  const groups = new Map<string, number[]>();
  for (const [at, one] of all.entries()) {
    if (!one.ok) {
      results.set(at, one.result);
      continue;
    }
    const key = batches.groupOf(one.event)?.key;
    // An event without a group goes alone.
    const name = key === undefined ? `alone ${at}` : `group ${key}`;
    groups.set(name, [...(groups.get(name) ?? []), at]);
  }
  for (const [name, places] of groups) {
    const items = places.flatMap((at) => {
      const [before, one] = [batch[at], all[at]];
      if (before === undefined || one === undefined || !one.ok) return [];
      return [{ ...before, event: one.event, text: one.text }];
    });
    const [first] = items;
    const sent =
      name.startsWith('alone') && first !== undefined
        ? [await lane.send(first.event, { ...context, ...first, options: {}, attempt: 1 })]
        : await batches.sendBatch(items, context);
    for (const [index, at] of places.entries()) {
      const result = sent[index];
      if (result !== undefined) results.set(at, result);
    }
  }
  const lost = { kind: 'retry', message: 'The destination told nothing of the event' } as const;
  return batch.map((_, at) => results.get(at) ?? lost);
}

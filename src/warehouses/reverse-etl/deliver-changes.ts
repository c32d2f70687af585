import type { Clock } from '../../core/clock.ts';
import type { DeliveryResult, Lane, SendMemory } from '../../core/destination.ts';
import type { Event } from '../../core/event.ts';
import type { Http } from '../../core/http.ts';
import { limits } from '../../core/limits.ts';

/** What came of a row: `passed` is one that the subscription's trigger does not take. */
export type ChangeResult =
  | { readonly kind: 'delivered' | 'passed' }
  | { readonly kind: 'failed'; readonly message: string; readonly mayPass: boolean };

export interface DeliverDeps {
  readonly http: Http;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Right before each send: false ends the delivery. */
  holds(): boolean;
}

interface Item {
  readonly index: number;
  readonly event: Event;
  readonly text: string;
  readonly memory: SendMemory;
}

/**
 * Sends the events of rows to a lane, in batches where it can, and tells of each what came of it, in order. What is worth
 * repeating is tried again a few times; what then still fails is left to the next sync, which finds the row unchanged
 * at the destination. Rows are independent: none waits for another.
 */
export async function deliverChanges(
  lane: Lane,
  events: readonly Event[],
  deps: DeliverDeps,
): Promise<readonly ChangeResult[]> {
  const results = new Map<number, ChangeResult>();
  let open: readonly Item[] = events.flatMap((event, index) => {
    if (lane.refuse?.(event) === undefined) {
      return [{ index, event, text: JSON.stringify(event), memory: {} }];
    }
    results.set(index, { kind: 'passed' });
    return [];
  });
  let waitMs: number = limits.reverseEtlRetryMs;
  for (let attempt = 1; open.length > 0; attempt += 1) {
    const again: Item[] = [];
    let askedMs = 0;
    for (const [item, result] of await sendAll(lane, open, attempt, deps)) {
      if (result.kind !== 'retry' || attempt >= limits.reverseEtlAttempts || !goesOn(deps)) {
        results.set(item.index, ended(result));
        continue;
      }
      again.push(item);
      askedMs = Math.max(askedMs, result.retryAfterMs ?? 0);
    }
    open = again;
    if (open.length === 0) break;
    await deps.clock.sleep(Math.min(Math.max(waitMs, askedMs), limits.retryMostMs), deps.signal);
    waitMs *= 2;
  }
  return events.map((_, index) => results.get(index) ?? notSent);
}

const notSent: ChangeResult = { kind: 'failed', message: 'It was not sent', mayPass: true };

const goesOn = ({ signal, holds }: DeliverDeps) => !signal.aborted && holds();

function ended(result: DeliveryResult): ChangeResult {
  if (result.kind === 'delivered') return { kind: 'delivered' };
  return { kind: 'failed', message: result.message, mayPass: result.kind === 'retry' };
}

async function sendAll(
  lane: Lane,
  items: readonly Item[],
  attempt: number,
  deps: DeliverDeps,
): Promise<readonly (readonly [Item, DeliveryResult])[]> {
  const tasks = tasksOf(lane, items, attempt, deps);
  const all: (readonly [Item, DeliveryResult])[] = [];
  const work = async () => {
    for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
      for (const one of await attempted(task, deps)) all.push(one);
    }
  };
  await Promise.all(Array.from({ length: limits.sendBatchConcurrency }, work));
  return all;
}

interface Task {
  readonly items: readonly Item[];
  run(): Promise<readonly DeliveryResult[]>;
}

function tasksOf(lane: Lane, items: readonly Item[], attempt: number, deps: DeliverDeps): Task[] {
  const context = { http: deps.http, signal: deps.signal, now: () => deps.clock.now() };
  const tasks: Task[] = [];
  const groups = new Map<string, { readonly most: number; items: Item[] }>();
  for (const item of items) {
    const group = lane.batches?.groupOf(item.event);
    if (group === undefined) {
      const { event, text, memory } = item;
      const { receivedAt, messageId: id, type } = event;
      const meta = { i: 0, n: 0, t: Date.parse(receivedAt), type, id };
      const alone = { ...context, text, meta, options: {}, attempt, memory };
      tasks.push({ items: [item], run: async () => [await lane.send(event, alone)] });
      continue;
    }
    const known = groups.get(group.key);
    if (known === undefined) groups.set(group.key, { most: group.mostEvents, items: [item] });
    else known.items.push(item);
  }
  for (const { most, items: grouped } of groups.values()) {
    for (const batch of cut(grouped, Math.min(most, limits.sendBatchEvents))) {
      tasks.push({
        items: batch,
        run: async () => (await lane.batches?.sendBatch(batch, context)) ?? [],
      });
    }
  }
  return tasks;
}

/** Batches of at most so many events, and of characters as anywhere. */
function cut(items: readonly Item[], most: number): Item[][] {
  const batches: Item[][] = [];
  let length = 0;
  for (const item of items) {
    const last = batches.at(-1);
    length += item.text.length;
    if (last === undefined || last.length >= most || length > limits.sendBatchLength) {
      batches.push([item]);
      length = item.text.length;
    } else last.push(item);
  }
  return batches;
}

/** A lane never throws for what the far end did: what it throws is a defect of its code, and fails these rows. */
async function attempted(
  task: Task,
  deps: DeliverDeps,
): Promise<readonly (readonly [Item, DeliveryResult])[]> {
  const each = (result: DeliveryResult) => task.items.map((item) => [item, result] as const);
  if (!goesOn(deps)) return each({ kind: 'retry', message: 'The sync was ended' });
  try {
    const results = await task.run();
    return task.items.map((item, at) => [
      item,
      results[at] ?? { kind: 'discard', code: 'internal', message: 'No result came for it' },
    ]);
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return each({ kind: 'discard', code: 'internal', message });
  }
}

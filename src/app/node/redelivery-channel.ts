import type { Bus } from '../../core/bus.ts';
import type { Clock } from '../../core/clock.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { Redeliver, Redelivery, RedeliveryOutcome } from '../../core/redelivery.ts';

/**
 * How control reaches ingest of its node: pieces of at most `limits.redeliveryBytes`, one at a time, so that
 * ingest is not held up. A piece that is not answered in time has failed; it may have been
 * taken all the same, and is admitted once however often it is given.
 */
export function redeliverOverBus(bus: Bus, clock: Clock, randomHex: () => string): Redeliver {
  // Ids of an earlier process of the same name must not be met again.
  const own = randomHex();
  let last = 0;
  const ask = (items: readonly Redelivery[]): Promise<readonly RedeliveryOutcome[]> =>
    new Promise((resolve) => {
      const id = `${own}-${++last}`;
      const finish = (outcomes: readonly RedeliveryOutcome[]) => {
        cancel();
        unsubscribe();
        resolve(outcomes);
      };
      const cancel = clock.after(limits.redeliveryTimeoutMs, () =>
        finish(items.map(() => ({ kind: 'failed', message: 'Ingest does not answer' }))),
      );
      const unsubscribe = bus.subscribe('redelivered', (payload) => {
        if (isJsonObject(payload) && payload['id'] === id) finish(outcomesOf(payload['outcomes']));
      });
      bus.publish('redeliver', { id, items: toJson(items) });
    });
  return async (items) => {
    const outcomes: RedeliveryOutcome[] = [];
    for (const piece of piecesOf(items)) outcomes.push(...(await ask(piece)));
    return outcomes;
  };
}

/** The side of ingest. */
export function answerRedeliveries(bus: Bus, redeliver: Redeliver): void {
  bus.subscribe('redeliver', (payload) => {
    if (!isJsonObject(payload)) return;
    const id = payload['id'] ?? null;
    void redeliver(itemsOf(payload['items'])).then((outcomes) =>
      bus.publish('redelivered', { id, outcomes: toJson(outcomes) }),
    );
  });
}

function* piecesOf(items: readonly Redelivery[]): Generator<readonly Redelivery[]> {
  let piece: Redelivery[] = [];
  let bytes = 0;
  for (const item of items) {
    if (bytes > 0 && bytes + item.body.length > limits.redeliveryBytes) {
      yield piece;
      piece = [];
      bytes = 0;
    }
    piece.push(item);
    bytes += item.body.length;
  }
  if (piece.length > 0) yield piece;
}

function toJson(list: readonly Redelivery[] | readonly RedeliveryOutcome[]): readonly Json[] {
  return list as unknown as readonly Json[];
}

function itemsOf(items: Json | undefined): readonly Redelivery[] {
  return items as unknown as readonly Redelivery[];
}

function outcomesOf(outcomes: Json | undefined): readonly RedeliveryOutcome[] {
  return outcomes as unknown as readonly RedeliveryOutcome[];
}

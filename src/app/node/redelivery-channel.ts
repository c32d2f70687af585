import type { Bus } from '../../core/bus.ts';
import type { Clock } from '../../core/clock.ts';
import type { Json } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import type { Redeliver, Redelivery, RedeliveryOutcome } from '../../core/redelivery.ts';
import { answerer, asker, type BusQuestion } from './bus-question.ts';

const question: BusQuestion = {
  ask: 'redeliver',
  answer: 'redelivered',
  withinMs: limits.redeliveryTimeoutMs,
};

/**
 * How the other processes reach ingest of their node: pieces of at most `limits.redeliveryBytes`, one at a time, so
 * that ingest is not held up. A piece that is not answered in time has failed; it may have been
 * taken all the same, and is admitted once however often it is given.
 */
export function redeliverOverBus(bus: Bus, clock: Clock, randomHex: () => string): Redeliver {
  const ask = asker(bus, clock, question, randomHex);
  return async (items) => {
    const outcomes: RedeliveryOutcome[] = [];
    for (const piece of piecesOf(items)) {
      const said = await ask(toJson(piece));
      outcomes.push(...(said === undefined ? unanswered(piece) : outcomesOf(said)));
    }
    return outcomes;
  };
}

/** The side of ingest. */
export function answerRedeliveries(bus: Bus, redeliver: Redeliver): void {
  answerer(bus, question, async (asked) => toJson(await redeliver(itemsOf(asked))));
}

function unanswered(items: readonly Redelivery[]): RedeliveryOutcome[] {
  return items.map(() => ({ kind: 'failed', message: 'Ingest does not answer' }));
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

function toJson(list: readonly Redelivery[] | readonly RedeliveryOutcome[]): Json {
  return list as unknown as Json;
}

function itemsOf(items: Json): readonly Redelivery[] {
  return items as unknown as readonly Redelivery[];
}

function outcomesOf(outcomes: Json): readonly RedeliveryOutcome[] {
  return outcomes as unknown as readonly RedeliveryOutcome[];
}

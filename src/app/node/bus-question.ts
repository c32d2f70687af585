import type { Bus, BusTopic } from '../../core/bus.ts';
import type { Clock } from '../../core/clock.ts';
import { isJsonObject, type Json } from '../../core/json.ts';

/** A question that one other process of the node answers: the topics of both, and how long is waited. */
export interface BusQuestion {
  readonly ask: BusTopic;
  readonly answer: BusTopic;
  readonly withinMs: number;
}

/**
 * Asks; undefined when nobody answers in time. What was asked may have been done all the same. `randomHex` is drawn
 * once, so that an answer to an earlier process of the same name is not taken for ours.
 */
export function asker(
  bus: Bus,
  clock: Clock,
  { ask, answer, withinMs }: BusQuestion,
  randomHex: () => string,
): (asked: Json) => Promise<Json | undefined> {
  const own = randomHex();
  const waiting = new Map<string, (said: Json) => void>();
  let last = 0;
  bus.subscribe(answer, (payload) => {
    if (isJsonObject(payload)) waiting.get(String(payload['id']))?.(payload['said'] ?? null);
  });
  return (asked) =>
    new Promise((resolve) => {
      const id = `${own}-${++last}`;
      const finish = (said: Json | undefined) => {
        cancel();
        waiting.delete(id);
        resolve(said);
      };
      const cancel = clock.after(withinMs, () => finish(undefined));
      waiting.set(id, finish);
      bus.publish(ask, { id, asked });
    });
}

/** The side that answers. `give` never rejects. Returns the end of it. */
export function answerer(
  bus: Bus,
  { ask, answer }: Pick<BusQuestion, 'ask' | 'answer'>,
  give: (asked: Json) => Promise<Json>,
): () => void {
  return bus.subscribe(ask, (payload) => {
    if (!isJsonObject(payload)) return;
    const id = payload['id'] ?? null;
    void give(payload['asked'] ?? null).then((said) => bus.publish(answer, { id, said }));
  });
}

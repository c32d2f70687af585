import type { Bus, BusTopic } from '../../core/bus.ts';
import type { Clock } from '../../core/clock.ts';
import { isJsonObject, type Json } from '../../core/json.ts';

type Question = 'metrics' | 'health';

/** Time within which the other processes answer; one that does not is left out. Scrapers wait longer than those who ask for health. */
const answerWithinMs: Record<Question, number> = { health: 400, metrics: 3_000 };

/** Asks every other process of the node and resolves with what `expected` of them answered in time. */
export function createAsk(bus: Bus, clock: Clock, expected: number) {
  let lastId = 0;
  return (question: Question): Promise<readonly Json[]> =>
    new Promise((resolve) => {
      const id = ++lastId;
      const answers: Json[] = [];
      const finish = () => {
        cancel();
        unsubscribe();
        resolve(answers);
      };
      const cancel = clock.after(answerWithinMs[question], finish);
      const unsubscribe = bus.subscribe(question, (payload) => {
        if (!isJsonObject(payload) || payload['id'] !== id) return;
        answers.push(payload['answer'] ?? null);
        if (answers.length === expected) finish();
      });
      bus.publish(wanted(question), { id });
    });
}

/** Answers the question whenever another process asks it. */
export function answer(bus: Bus, question: Question, give: () => Promise<Json>): void {
  bus.subscribe(wanted(question), (payload) => {
    if (!isJsonObject(payload)) return;
    const id = payload['id'] ?? null;
    void give().then((value) => bus.publish(question, { id, answer: value }));
  });
}

function wanted(question: Question): BusTopic {
  return question === 'metrics' ? 'metrics.wanted' : 'health.wanted';
}

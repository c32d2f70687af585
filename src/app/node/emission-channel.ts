import type { Bus } from '../../core/bus.ts';
import type { Clock } from '../../core/clock.ts';
import type { Emission, EmissionOutcome, Emit } from '../../core/entrance.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';

/**
 * How the worker reaches ingest of its node. What is not answered in time has failed; it may have been taken all the
 * same, and its items are admitted once however often they are given.
 */
export function emitOverBus(bus: Bus, clock: Clock, randomHex: () => string): Emit {
  // Ids of an earlier process of the same name must not be met again.
  const own = randomHex();
  const waiting = new Map<string, (outcome: EmissionOutcome) => void>();
  let last = 0;
  bus.subscribe('emitted', (payload) => {
    if (isJsonObject(payload)) waiting.get(String(payload['id']))?.(outcomeOf(payload['outcome']));
  });
  return (emission) =>
    new Promise((resolve) => {
      const id = `${own}-${++last}`;
      const finish = (outcome: EmissionOutcome) => {
        cancel();
        waiting.delete(id);
        resolve(outcome);
      };
      const cancel = clock.after(limits.emissionTimeoutMs, () =>
        finish({ kind: 'failed', message: 'Ingest does not answer' }),
      );
      waiting.set(id, finish);
      bus.publish('emit', { id, emission: emission as unknown as Json });
    });
}

/** The side of ingest. */
export function answerEmissions(bus: Bus, emit: Emit): void {
  bus.subscribe('emit', (payload) => {
    if (!isJsonObject(payload)) return;
    const id = payload['id'] ?? null;
    void emit(emissionOf(payload['emission'])).then((outcome) =>
      bus.publish('emitted', { id, outcome: outcome as unknown as Json }),
    );
  });
}

function emissionOf(emission: Json | undefined): Emission {
  return emission as unknown as Emission;
}

function outcomeOf(outcome: Json | undefined): EmissionOutcome {
  return outcome as unknown as EmissionOutcome;
}

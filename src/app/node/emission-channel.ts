import type { Bus } from '../../core/bus.ts';
import type { Clock } from '../../core/clock.ts';
import type { Emission, EmissionOutcome, Emit } from '../../core/entrance.ts';
import type { Json } from '../../core/json.ts';
import { limits } from '../../core/limits.ts';
import { answerer, asker, type BusQuestion } from './bus-question.ts';

const question: BusQuestion = {
  ask: 'emit',
  answer: 'emitted',
  withinMs: limits.emissionTimeoutMs,
};

/**
 * How the worker reaches ingest of its node. What is not answered in time has failed; it may have been taken all the
 * same, and its items are admitted once however often they are given.
 */
export function emitOverBus(bus: Bus, clock: Clock, randomHex: () => string): Emit {
  const ask = asker(bus, clock, question, randomHex);
  return async (emission) => {
    const said = await ask(emission as unknown as Json);
    if (said === undefined) return { kind: 'failed', message: 'Ingest does not answer' };
    return outcomeOf(said);
  };
}

/** The side of ingest. */
export function answerEmissions(bus: Bus, emit: Emit): void {
  answerer(bus, question, async (asked) => (await emit(emissionOf(asked))) as unknown as Json);
}

function emissionOf(emission: Json): Emission {
  return emission as unknown as Emission;
}

function outcomeOf(outcome: Json): EmissionOutcome {
  return outcome as unknown as EmissionOutcome;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { SlotResult } from './load/wrk.ts';

/** One variant under one load: a slot of it is run in each round. */
export interface Case {
  readonly name: string;
  run(): Promise<SlotResult>;
}

export interface Rounds {
  /** Requests a second of a case, one value a round. */
  rates(name: string): readonly number[];
  /** The 99th percentile of a case's answers in ms, one value a round. */
  p99s(name: string): readonly number[];
  /** Microseconds of CPU a request of a case cost, one value a round. */
  cpus(name: string): readonly number[];
  /** Requests of a case over all slots, the warm-up included. */
  requests(name: string): number;
  /** Why the run must not be used: a slot had failed requests. */
  readonly invalid: string | undefined;
}

/**
 * Runs every case once a round. The order rotates from round to round, so that a machine that slows
 * down and speeds up meets all cases alike; what is compared is paired within a round.
 */
export async function runRounds(count: number, cases: readonly Case[]): Promise<Rounds> {
  const results = new Map<string, SlotResult[]>(cases.map(({ name }) => [name, []]));
  const warmUps = new Map<string, number>();
  for (const { name, run } of cases) warmUps.set(name, (await run()).requests);
  for (let round = 0; round < count; round++) {
    for (let place = 0; place < cases.length; place++) {
      const chosen = cases[(round + place) % cases.length];
      if (chosen === undefined) continue;
      results.get(chosen.name)?.push(await chosen.run());
      await sleep(100);
    }
  }
  const of = (name: string) => results.get(name) ?? [];
  const failed = [...results].filter(([, slots]) => slots.some((slot) => slot.failed > 0));
  return {
    rates: (name) => of(name).map(({ rate }) => rate),
    p99s: (name) => of(name).map(({ p99 }) => p99),
    cpus: (name) => of(name).map(({ cpu }) => cpu),
    requests: (name) =>
      of(name).reduce((sum, { requests }) => sum + requests, warmUps.get(name) ?? 0),
    invalid: failed.length > 0 ? `failed requests: ${failed.map(([name]) => name)}` : undefined,
  };
}

import type { Bus } from '../../core/bus.ts';
import type { Clock } from '../../core/clock.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { createAsk } from '../node/ask.ts';

/** The state of every process of the node, as `/health` shows it. */
export function createNodeHealth(bus: Bus, clock: Clock, children: number) {
  const ask = createAsk(bus, clock, children);
  let processes: JsonObject = {};
  bus.subscribe('parts', (payload) => {
    if (isJsonObject(payload)) processes = payload;
  });
  return {
    /** State and restarts of the processes, from the supervisor. */
    processes: () => processes,
    /** What each of the others says of its parts; one that does not answer in time is left out. */
    details: async (): Promise<JsonObject> => {
      const answers = await ask('health');
      return Object.assign({}, ...answers.filter(isJsonObject));
    },
  };
}

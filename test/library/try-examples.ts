import { systemClock } from '../../src/core/clock.ts';
import type { DeliveryResult, SendContext } from '../../src/core/destination.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { createHttp } from '../../src/deliver/http/create-http.ts';
import { libraryDefinitions } from '../../src/destinations/library/library-definitions.ts';
import { type Echoed, startEcho, toEcho } from './echo.ts';
import { completed } from './example-values.ts';
import type { Example } from './examples.ts';
import { noTokens } from './no-tokens.ts';

/** What came of an example. */
export interface Tried {
  readonly example: Example;
  readonly requests: readonly Echoed[];
  /** '' when the echo got it. */
  readonly reason: string;
}

const missing = /(?:The root value is missing the required field '(\w+)')/g;
const repairs = 4;

/**
 * Delivers each example, one after the other, as the worker does it, with an echo in the place of the vendors. What the code
 * of a destination then misses, in the settings or the mapping, it is given.
 */
export async function tryExamples(examples: readonly Example[]): Promise<Tried[]> {
  const echo = await startEcho();
  const pool = createHttp({ allowPrivateTargets: true, clock: systemClock });
  const options = { clock: systemClock, tokens: noTokens, ownConnections: new Set<string>() };
  const definitions = new Map((await libraryDefinitions(options)).map((one) => [one.slug, one]));

  async function once(example: Example): Promise<Tried> {
    echo.requests.length = 0;
    const { slug, settings, event, name, action, trigger, mapping } = example;
    const subscription = { id: 's', name, action, trigger, mapping };
    const made = definitions
      .get(slug)
      ?.lanes(settings, { connection: 'c', subscriptions: [subscription] });
    const lane = made?.ok ? made.lanes[0] : undefined;
    const end = (reason: string) => ({ example, requests: [...echo.requests], reason });
    if (made?.ok === false) return end(made.problem);
    if (lane === undefined || event === undefined) return end('no example event fits its trigger');
    const context: SendContext = {
      http: toEcho(pool, echo),
      signal: new AbortController().signal,
      text: JSON.stringify(event),
      options: {},
      attempt: 1,
      now: Date.now,
    };
    try {
      // Other lanes have the same event: no definition may write to it.
      const result = await lane.send(frozen(event), context);
      const got = echo.requests.length > 0;
      return end(got ? reasonOf(result) : reasonOf(result) || 'it sends nothing for such an event');
    } catch (error) {
      return end(String(error));
    }
  }

  const tried: Tried[] = [];
  try {
    for (const given of examples) {
      let last = await once(given);
      for (let turn = 0; turn < repairs && last.reason !== ''; turn += 1) {
        last = await once(repaired(last.example, last.reason));
      }
      tried.push(last);
    }
  } finally {
    await pool.close();
    await echo.server.close();
  }
  return tried;
}

/** The example with all settings, and what the mapping was said to lack. */
function repaired(example: Example, reason: string): Example {
  const names = new Set([...reason.matchAll(missing)].map(([, name]) => name ?? ''));
  const kept = Object.entries(example.mapping).filter(([name]) => !names.has(name));
  const mapping: JsonObject = Object.fromEntries(kept);
  return {
    ...example,
    settings: completed(example.settingFields, example.settings, () => true),
    mapping: completed(example.fields, mapping, (name) => names.has(name)),
  };
}

function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}

function reasonOf(result: DeliveryResult): string {
  return result.kind === 'delivered' ? '' : result.message;
}

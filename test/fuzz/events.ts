import type { JsonObject } from '../../src/core/json.ts';
import type { Random } from '../rig/random.ts';
import { lanes, markOf } from './mark.ts';

/** Makes the events of one case; each carries its mark. */
export interface Events {
  /** The next event of a call, as the caller of an SDK gave it: no messageId, no stamps. */
  next(call?: Call): JsonObject & { readonly type: Call; readonly mark: string };
  /** Milliseconds since the epoch, of the case. */
  readonly time: number;
  iso(): string;
}

const calls = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;
export type Call = (typeof calls)[number];

const words = [
  'Order Completed',
  'Été 東京 “🛒”',
  'a\\b"c\u0000',
  '<script>',
  ' spaced ',
  '\u202e',
];

/** A lane has people of its own, so that the order of their events is known. */
export function eventsOf(caseNumber: number, dice: Random): Events {
  const lane = caseNumber % lanes;
  const time = 1_792_000_000_000 + caseNumber * 37;
  let place = 0;
  const person = (): JsonObject => {
    const name = `${lane}-${dice.between(1, 4)}`;
    const userId = `user-${name}`;
    const anonymousId = `anon-${name}`;
    const draw = dice.next();
    if (draw < 0.4) return { userId };
    return draw < 0.7 ? { anonymousId } : { anonymousId, userId };
  };
  const fields = (call: Call): JsonObject => {
    const properties = { price: 39.95, list: [1, 'zwei', null], nested: { a: { b: [] } } };
    switch (call) {
      case 'track':
        return { event: dice.pick(words), properties };
      case 'identify':
        return { traits: { email: 'grüße@example.com', plan: null, age: 41 } };
      case 'page':
      case 'screen':
        return { name: dice.pick(words), category: 'Docs', properties };
      case 'group':
        return { groupId: `group-${lane}`, traits: { employees: 12 } };
      case 'alias':
        return { previousId: `anon-${lane}-${dice.between(1, 4)}` };
    }
  };
  return {
    time,
    iso: () => new Date(time + place).toISOString(),
    next: (call = dice.chance(0.5) ? 'track' : dice.pick(calls)) => ({
      type: call,
      mark: markOf(caseNumber, place++),
      ...person(),
      ...fields(call),
    }),
  };
}

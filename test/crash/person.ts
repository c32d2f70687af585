import { createHash } from 'node:crypto';
import type { JsonObject } from '../../src/core/json.ts';
import type { Random } from '../rig/random.ts';

/** One call of a person, ready to be sent. */
export interface Step {
  readonly messageId: string;
  readonly person: string;
  /** Counts up from 0 over the person's life: the order in which deliveries must begin. */
  readonly sequence: number;
  /** Ties the anonymousId to the userId. */
  readonly isLogin: boolean;
  readonly event: JsonObject;
}

export interface Person {
  /** The next call; undefined when the life is over. */
  next(): Step | undefined;
}

const text = 'Grüße, 東京 – "quoted", \\ back, \t tab';

/**
 * Someone who begins with an anonymousId alone, logs in by identify or alias, goes on under both ids
 * and ends under the userId alone. Only the chain of keys says that it is one person.
 */
export function person(name: string, dice: Random): Person {
  return life(name, dice, false);
}

/** Someone who keeps the anonymousId to the end: whatever is divided by it stays together. */
export function loyalPerson(name: string, dice: Random): Person {
  return life(name, dice, true);
}

function life(name: string, dice: Random, isLoyal: boolean): Person {
  const logsInAt = dice.between(2, 8);
  const bothUntil = logsInAt + dice.between(1, 6);
  const length = bothUntil + dice.between(1, 8);
  const byAlias = dice.chance(0.2) && !isLoyal;
  let sequence = 0;

  const idsAt = (at: number): JsonObject => {
    const userId = `user-${name}`;
    const anonymousId = `anon-${name}`;
    if (at < logsInAt) return { anonymousId };
    if (at === logsInAt && byAlias) return { previousId: anonymousId, userId };
    return at <= bothUntil || isLoyal ? { anonymousId, userId } : { userId };
  };
  const callAt = (at: number): JsonObject => {
    if (at === logsInAt)
      return byAlias ? { type: 'alias' } : { type: 'identify', traits: { text } };
    const draw = dice.next();
    if (draw < 0.7) return { type: 'track', event: 'Step Taken', properties: { text } };
    if (draw < 0.8) return { type: 'page', name: 'Home', properties: {} };
    if (draw < 0.9) return { type: 'screen', name: 'Main', properties: {} };
    return { type: 'group', groupId: 'team', traits: {} };
  };

  return {
    next: () => {
      if (sequence >= length) return undefined;
      const at = sequence++;
      const messageId = `${name}-${at}`;
      const mark = { person: name, sequence: at, sum: checksum(messageId) };
      const event = { ...callAt(at), ...idsAt(at), messageId, context: { mark } };
      return { messageId, person: name, sequence: at, isLogin: at === logsInAt, event };
    },
  };
}

/** Carried inside each event, so that a delivery proves whose it is. */
export function checksum(messageId: string): string {
  return createHash('sha256').update(messageId).digest('base64url').slice(0, 12);
}

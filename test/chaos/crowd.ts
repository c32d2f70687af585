import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../rig/random.ts';
import { type Server, testWriteKey } from '../rig/server.ts';

/** Users who each send their events in order, in small batches. */
export interface Crowd {
  /** Events sent and acknowledged so far, of each user `0` to this. */
  readonly sent: ReadonlyMap<string, number>;
  /** Sends for so many seconds, at about `perSecond` events. */
  run(seconds: number, perSecond: number): Promise<void>;
}

export function crowd(server: Server, users: number, dice: Random): Crowd {
  const sent = new Map<string, number>();
  return {
    sent,
    run: async (seconds, perSecond) => {
      const end = performance.now() + seconds * 1_000;
      const size = 10;
      while (performance.now() < end) {
        const begun = performance.now();
        const batch = Array.from({ length: size }, () => {
          const userId = `user ${dice.between(0, users - 1)}`;
          const sequence = sent.get(userId) ?? 0;
          sent.set(userId, sequence + 1);
          const properties = { sequence, sentAt: Date.now() };
          const messageId = `${userId}-${sequence}`;
          return { type: 'track', event: 'Step', userId, messageId, properties };
        });
        await post(server, batch);
        await sleep(Math.max(0, (size / perSecond) * 1_000 - (performance.now() - begun)));
      }
    },
  };
}

async function post(server: Server, batch: readonly object[]): Promise<void> {
  const answer = await fetch(`${server.url}/v1/batch`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${testWriteKey}:`).toString('base64')}`,
    },
    body: JSON.stringify({ batch }),
  });
  await answer.arrayBuffer();
  if (answer.status !== 200) throw new Error(`a batch was answered with ${answer.status}`);
}

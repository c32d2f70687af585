import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../rig/eventually.ts';
import { post } from '../rig/post.ts';

/** Somebody who sends event after event, while others attack. */
export interface HonestClient {
  /** messageIds of what was answered 200. */
  readonly acknowledged: ReadonlySet<string>;
  /** Tries that were answered otherwise, or not at all. */
  readonly failures: readonly string[];
  /** Resolves when so many more events are acknowledged. */
  goesOn(events: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * `kept` sends everything over one connection, `new` each event over one of its own. What fails is sent again,
 * as every SDK does.
 */
export function honestClient(port: number, connections: 'kept' | 'new'): HonestClient {
  const agent =
    connections === 'kept' && new Agent({ keepAlive: true, maxSockets: 1, timeout: 60_000 });
  const acknowledged = new Set<string>();
  const failures: string[] = [];
  let stopped = false;

  const sendOne = async (messageId: string) => {
    const event = JSON.stringify({ userId: messageId, event: 'Honest', messageId });
    while (!stopped) {
      const answer = await post(agent, port, '/v1/track', event);
      if (answer?.status === 200) {
        acknowledged.add(messageId);
        const isBroken = agent !== false && acknowledged.size > 1 && !answer.reused;
        if (isBroken) failures.push(`${messageId}: the connection before was closed`);
        return;
      }
      failures.push(`${messageId}: ${answer?.status ?? 'the connection broke'}`);
      await sleep(50);
    }
  };
  const run = async () => {
    for (let number = 0; !stopped; number++) {
      await sendOne(`${connections}-${number}`);
      await sleep(5);
    }
    if (agent !== false) agent.destroy();
  };
  const running = run();
  return {
    acknowledged,
    failures,
    goesOn: async (events) => {
      const goal = acknowledged.size + events;
      const what = `${events} more events are acknowledged (${connections} connections)`;
      await eventually(what, () => acknowledged.size >= goal, { within: 180_000 });
    },
    stop: () => {
      stopped = true;
      return running;
    },
  };
}

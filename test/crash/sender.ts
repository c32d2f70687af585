import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { post } from '../rig/post.ts';
import type { Random } from '../rig/random.ts';
import type { Server } from '../rig/server.ts';
import type { Ledger } from './ledger.ts';
import { person as anyPerson, type Person, type Step } from './person.ts';

export interface Sender {
  /** Stops after the request under way is settled. */
  stop(): Promise<void>;
  /** Answers other than 200 and 503. */
  readonly oddAnswers: readonly string[];
}

/** People a sender has under way at once. */
const peopleAtOnce = 8;

/**
 * One connection that sends people's calls, one request at a time, alone or in batches. A request
 * without an answer of 200 is sent again with the same messageIds until it is acknowledged; one in
 * five is given up instead, and may or may not arrive.
 */
export function startSender(
  name: string,
  server: Pick<Server, 'port'>,
  book: Ledger,
  dice: Random,
  person: (name: string, dice: Random) => Person = anyPerson,
): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const oddAnswers: string[] = [];
  const people: Person[] = [];
  let born = 0;
  let stopped = false;

  const nextStep = (): Step => {
    while (people.length < peopleAtOnce) people.push(person(`${name}.${born++}`, dice));
    const place = dice.between(0, people.length - 1);
    const step = people[place]?.next();
    if (step) return step;
    people.splice(place, 1);
    return nextStep();
  };
  const sendOnce = async (path: string, body: string): Promise<boolean> => {
    const answer = await post(agent, server.port, path, body);
    if (answer === undefined || answer.status === 503) return false;
    if (answer.status === 200 && !answer.text.includes('rejected')) return true;
    oddAnswers.push(`${answer.status} ${answer.text}`);
    return false;
  };
  const settle = async (steps: readonly Step[]) => {
    const events = steps.map(({ event }) => event);
    const [alone] = events;
    const single = events.length === 1 && alone !== undefined;
    const path = single ? `/v1/${alone['type']}` : '/v1/batch';
    const body = JSON.stringify(single ? alone : { batch: events });
    // A login is never given up: without it nothing would say that the ids before and after are one.
    const givesUp = dice.chance(0.2) && !steps.some(({ isLogin }) => isLogin);
    for (;;) {
      if (await sendOnce(path, body)) {
        for (const step of steps) book.acknowledged(step);
        return;
      }
      if (givesUp || stopped) return;
      await sleep(dice.between(20, 100));
    }
  };
  const run = async () => {
    while (!stopped) {
      const size = dice.chance(0.6) ? 1 : dice.between(2, 40);
      const steps = Array.from({ length: size }, nextStep);
      for (const step of steps) book.sent(step);
      await settle(steps);
      await sleep(dice.between(0, 60));
    }
    agent.destroy();
  };

  const running = run();
  return {
    oddAnswers,
    stop: () => {
      stopped = true;
      return running;
    },
  };
}

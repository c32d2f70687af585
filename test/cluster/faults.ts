import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../rig/eventually.ts';
import type { Random } from '../rig/random.ts';
import { track } from '../rig/track.ts';
import type { Cluster } from './cluster.ts';
import type { Node } from './nodes.ts';

/** Something that goes wrong, and then is over. */
export interface Fault {
  readonly name: string;
  happen(cluster: Cluster, dice: Random): Promise<void>;
}

/** Longer than a node may be silent before the others take over what it had. */
const unheardMs = 14_000;

/** Every partition is worked on, in both roles, by one node that says so. */
export async function isWhole({ nodes }: Cluster): Promise<void> {
  await eventually(
    'every partition is worked on',
    async () => {
      const states = await Promise.all(nodes.map(partitionsOf));
      return ['process', 'deliver'].every((role) => {
        const held = states.flat().filter((state) => isRunning(state[role]));
        return new Set(held.map(({ partition }) => partition)).size === 6;
      });
    },
    { within: 60_000, every: 200 },
  );
}

const forNobody = { event: 'Refused', userId: 'nobody', integrations: { All: false } };

/** Without a broker nothing is acknowledged: who sends is told when to come again. */
async function refuses(nodes: readonly Node[]): Promise<void> {
  for (const { server } of nodes) {
    const refused = await eventually(`${server.url} answers 503`, async () => {
      const answer = await track(server, '/v1/track', forNobody);
      return answer.status === 503 && answer;
    });
    assert.match(refused.headers.get('retry-after') ?? '', /^[1-9]/);
  }
}

interface PartitionState {
  readonly partition: number;
  readonly [role: string]: unknown;
}

async function partitionsOf({ server }: Node): Promise<readonly PartitionState[]> {
  const answer = await fetch(`${server.url}/health`, { signal: AbortSignal.timeout(3_000) });
  const { parts } = (await answer.json()) as {
    parts: { worker?: { partitions: readonly PartitionState[] } };
  };
  return parts.worker?.partitions ?? [];
}

function isRunning(state: unknown): boolean {
  return (
    typeof state === 'object' && state !== null && JSON.stringify(state) !== '{"state":"waiting"}'
  );
}

export const faults: readonly Fault[] = [
  {
    name: 'a node is killed and comes back',
    happen: async ({ nodes, book }, dice) => {
      const node = dice.pick(nodes);
      const back = book.died(node.name);
      await node.kill();
      // What it had sent is read.
      await sleep(200);
      await sleep(dice.between(0, 12_000));
      await node.start();
      back();
    },
  },
  {
    name: 'a node leaves in order and joins again',
    happen: async ({ nodes }, dice) => {
      const node = dice.pick(nodes);
      await node.stop();
      await sleep(dice.between(0, 3_000));
      await node.start();
    },
  },
  {
    name: 'a node is paused until the others have what it had, and wakes',
    happen: async ({ nodes, book }, dice) => {
      const node = dice.pick(nodes);
      const back = book.died(node.name);
      node.pause();
      await sleep(unheardMs + dice.between(0, 4_000));
      node.resume();
      back();
    },
  },
  {
    name: 'a broker is killed and comes back',
    happen: async ({ kafka, nodes }, dice) => {
      const broker = dice.pick(kafka.brokers);
      await broker.stop('SIGKILL');
      if (kafka.brokers.length === 1) await refuses(nodes);
      await sleep(dice.between(0, 6_000));
      await broker.start();
    },
  },
  {
    name: 'PostgreSQL crashes and comes back',
    happen: async ({ postgres, book }, dice) => {
      // Longer than a lease: then sending pauses. Whoever goes on then repeats what it could not commit.
      const back = book.died('PostgreSQL');
      await postgres.stop('SIGQUIT');
      await sleep(dice.between(0, 14_000));
      await postgres.start();
      back();
    },
  },
  {
    name: 'a node cannot reach the broker',
    happen: async ({ way, nodes, book }, dice) => {
      const back = book.died(nodes[0]?.name ?? '');
      way?.cut();
      await sleep(dice.between(2_000, unheardMs + 4_000));
      way?.heal();
      back();
    },
  },
  {
    name: 'the clock of a node jumps an hour ahead, then back',
    happen: async ({ setClock }, dice) => {
      setClock(3_600);
      await sleep(dice.between(2_000, 5_000));
      setClock(-600);
      await sleep(dice.between(2_000, 5_000));
      setClock(0);
    },
  },
];

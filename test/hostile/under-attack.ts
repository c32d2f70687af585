import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { type Stand, startStand } from '../e2e/stand.ts';
import { eventually } from '../rig/eventually.ts';
import { readMetrics, type Sample } from '../rig/metrics.ts';
import { memoryOf } from '../rig/process-tree.ts';
import type { Server } from '../rig/server.ts';
import type { AttackCounts } from './attacks/attack.ts';
import type { AttackName } from './attacks/attacks.ts';
import { honestClient } from './honest-client.ts';
import { startAttack } from './start-attack.ts';

const quiet = { TRIBUTARY_LOG_LEVEL: 'warn', TRIBUTARY_RATE_LIMIT: '0' };
/** MB by which the memory of the whole tree may grow: 10,000 connections take 150. */
const mostGrowth = 300;
/** Events that each honest client must get through once the attack is on. */
const eventsUnderAttack = 100;

export interface Siege {
  readonly attacks: readonly AttackName[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether the attack has come as far as it is meant to. */
  isOn(all: readonly AttackCounts[], metric: Metric): boolean;
  /** Further demands when it is over. */
  after?(metric: Metric, stand: Stand): void;
}

/** The value of a sample of `/metrics`: its name, and a label's value. */
export type Metric = (name: string, label?: string) => number;

/**
 * Attacks a real server, while honest clients send on, and demands what must hold whatever the attack:
 * clients that are connected stay so, new ones get in, all that is acknowledged is delivered and nothing
 * else, memory is bounded, and no process dies.
 */
export async function underAttack(t: TestContext, siege: Siege): Promise<void> {
  const stand = await startStand(t, { ...quiet, ...siege.env });
  const { server, receiver } = stand;
  const kept = honestClient(server.port, 'kept');
  const newcomer = honestClient(server.port, 'new');
  const clients = [kept, newcomer];
  t.after(() => Promise.all(clients.map((client) => client.stop())));
  await Promise.all(clients.map((client) => client.goesOn(50)));
  const before = processes(server);
  const memory = watchMemory(server);
  t.after(memory.stop);

  const attacks = await Promise.all(siege.attacks.map((kind) => startAttack(kind, server.port)));
  t.after(() => Promise.all(attacks.map((attack) => attack.stop())));
  await eventually(
    'the attack is on',
    async () => {
      const counts = await Promise.all(attacks.map((attack) => attack.counts()));
      return siege.isOn(counts, metricOf(await readMetrics(server)));
    },
    { within: 90_000, every: 250 },
  );
  await Promise.all(clients.map((client) => client.goesOn(eventsUnderAttack)));
  const grown = memory.stop();
  for (const attack of attacks) t.diagnostic(JSON.stringify(await attack.counts()));
  await Promise.all(attacks.map((attack) => attack.stop()));
  await Promise.all(clients.map((client) => client.stop()));

  t.diagnostic(
    `memory grew by ${Math.round(grown)} MB; new connections: ${newcomer.failures.length} tries failed`,
  );
  assert.deepEqual(kept.failures, []);
  const sent = new Set(clients.flatMap(({ acknowledged }) => [...acknowledged]));
  const missing = () => {
    const arrived = new Set(receiver.taken.map(({ event }) => event['messageId']));
    return [...sent].filter((messageId) => !arrived.has(messageId));
  };
  const what = 'all that was acknowledged arrives';
  await eventually(what, () => missing().length === 0, { within: 60_000, every: 100 });
  assert.ok(receiver.taken.every(({ event }) => event['event'] === 'Honest'));
  assert.ok(grown < mostGrowth, `memory grew by ${grown} MB`);
  assert.deepEqual(processes(server), before, 'a process died');
  siege.after?.(metricOf(await readMetrics(server)), stand);
}

function processes(server: Server): string[] {
  return server.tree().map(({ pid, command }) => `${pid} ${command.split(' ', 2).join(' ')}`);
}

/** Looks at the memory of the tree until it is stopped, which yields by how much it grew at most, MB. */
function watchMemory(server: Server): { stop(): number } {
  const rss = () => memoryOf(server.tree().map(({ pid }) => pid)).rss;
  const first = rss();
  let highest = first;
  const timer = setInterval(() => {
    highest = Math.max(highest, rss());
  }, 250);
  return {
    stop: () => {
      clearInterval(timer);
      return Math.max(highest, rss()) - first;
    },
  };
}

function metricOf(samples: readonly Sample[]): Metric {
  return (name, label) =>
    samples
      .filter((sample) => sample.name === `tributary_ingest_${name}`)
      .filter(({ labels }) => label === undefined || Object.values(labels).includes(label))
      .reduce((sum, { value }) => sum + value, 0);
}

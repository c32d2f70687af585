import { setTimeout as sleep } from 'node:timers/promises';
import { isJsonObject, type Json } from '../../src/core/json.ts';
import { type AttackName, attacks } from '../../test/hostile/attacks/attacks.ts';
import { startAttack } from '../../test/hostile/start-attack.ts';
import { type OwnProcess, startOwnProcess } from '../../test/rig/own-process.ts';
import { memoryOf } from '../../test/rig/process-tree.ts';
import { type Server, startServer } from '../../test/rig/server.ts';
import type { Bench, Section } from '../bench.ts';
import { type Finding, finding, ratioFinding } from '../finding.ts';

/** The attack gets under way, and the server over it. */
const rampMs = 1_000;
const recoveryMs = 1_000;

interface Slot {
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
}

export const hostile: Section = {
  name: 'hostile',
  about: 'what 50 clients that send 1,000 events a second notice of hostile ones, and the memory',
  run: async (bench) => {
    // Not pinned to a core, as on a machine of its own; who attacks has another one than who is measured.
    const server = await startServer({
      folder: bench.folder(),
      env: { TRIBUTARY_RATE_LIMIT: '0', TRIBUTARY_LOG_LEVEL: 'warn' },
    });
    const before = pids(server);
    const clients = await startOwnProcess(new URL('../servers/paced-clients.ts', import.meta.url), {
      core: bench.cores.generator,
      args: [String(server.port)],
    });
    try {
      await slot(clients, 2);
      const findings: Finding[] = [];
      for (const kind of Object.keys(attacks).filter(isAttack)) {
        findings.push(...(await underAttack(bench, server, clients, kind)));
      }
      if (pids(server) !== before) throw new Error(`a process died:\n${server.log()}`);
      return findings;
    } finally {
      await clients.stop();
      await server.kill();
    }
  },
};

/** Rounds of two slots, without and with the attack; what is compared is paired. */
async function underAttack(
  bench: Bench,
  server: Server,
  clients: OwnProcess,
  kind: AttackName,
): Promise<Finding[]> {
  const seconds = bench.quick ? 1 : 3;
  const without: Slot[] = [];
  const under: Slot[] = [];
  let highest = 0;
  let counts = '';
  for (let round = 0; round < bench.rounds; round++) {
    without.push(await slot(clients, seconds));
    const attack = await startAttack(kind, server.port, { core: bench.cores.rest });
    await sleep(rampMs);
    const watch = setInterval(() => {
      highest = Math.max(highest, memoryOf(server.tree().map(({ pid }) => pid)).rss);
    }, 500);
    under.push(await slot(clients, seconds));
    clearInterval(watch);
    counts = JSON.stringify(await attack.counts());
    const [before, then] = [without.at(-1), under.at(-1)].map((one) => one?.p99.toFixed(1));
    bench.say(`    ${kind}: p99 ${before} ms without, ${then} ms with it`);
    await attack.stop();
    await sleep(recoveryMs);
  }
  bench.say(`    ${kind}, ${attacks[kind].about}: ${counts}`);
  const failed = [...without, ...under].reduce((sum, one) => sum + one.failed, 0);
  const invalid = failed > 0 ? `${failed} requests of honest clients failed` : undefined;
  const p99s = (slots: readonly Slot[]) => slots.map(({ p99 }) => p99);
  return [
    finding('p99 without hostile clients', 'ms', p99s(without)),
    finding(`p99 with ${kind}`, 'ms', p99s(under)),
    ratioFinding(`p99 with ${kind} / without`, p99s(under), p99s(without), {
      ...{ invalid, mayExceedOne: true },
      ...(!isVolume(kind) && { bar: { below: 2 } }),
    }),
    finding(`highest RSS of the tree with ${kind}`, 'MB', [highest], { bar: { below: 600 } }),
  ];
}

/** Well-formed requests in masses, which no bound of ours is about: there is no bar on what they cost. */
function isVolume(kind: AttackName): boolean {
  return kind === 'pipeline' || kind === 'pipeline-control';
}

function isAttack(name: string): name is AttackName {
  return name in attacks;
}

function pids(server: Server): string {
  return server
    .tree()
    .map(({ pid }) => pid)
    .join(' ');
}

async function slot(clients: OwnProcess, seconds: number): Promise<Slot> {
  const value: Json = JSON.parse(await (await fetch(`${clients.url}/${seconds}`)).text());
  if (!isJsonObject(value)) throw new Error(`no result but ${JSON.stringify(value)}`);
  const { p50, p99, failed } = value;
  return { p50: Number(p50), p99: Number(p99), failed: Number(failed) };
}

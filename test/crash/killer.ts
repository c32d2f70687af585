import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../rig/eventually.ts';
import type { Random } from '../rig/random.ts';
import { type Server, type ServerOptions, signalProcess, startServer } from '../rig/server.ts';
import type { Ledger } from './ledger.ts';

export interface KillPlan {
  /** The server that runs: replaced at each start. */
  server: Server;
  /** How often the whole tree is killed. */
  readonly trees: number;
  readonly options: ServerOptions;
  readonly dice: Random;
  readonly book: Ledger;
}

const roles = ['ingest', 'worker', 'control'];

/**
 * Kills the whole process tree `trees` times at random moments, also while it is still starting,
 * and in between single processes, which must come back by themselves.
 */
export async function killAtRandom(plan: KillPlan): Promise<void> {
  const { dice, book, options } = plan;
  for (let killed = 0; killed < plan.trees; ) {
    await sleep(dice.between(100, 2_500));
    const draw = dice.next();
    if (draw < 0.3) {
      await killOne(plan.server, dice.pick(roles), book);
    } else if (draw < 0.4) {
      const back = book.died('the supervisor');
      await killSupervisor(plan.server);
      plan.server = await startServer(options);
      back();
    } else {
      const back = book.died('the whole tree');
      await plan.server.kill();
      killed++;
      plan.server = await restart(plan);
      back();
    }
  }
}

/** Starts again; one start in six is itself cut short. */
async function restart({ options, dice }: KillPlan): Promise<Server> {
  while (dice.chance(1 / 6)) {
    const server = await startServer({ ...options, ready: false });
    await sleep(dice.between(0, 900));
    await server.kill();
  }
  return startServer(options);
}

/** Left alone, the other processes must end by themselves. */
async function killSupervisor(server: Server): Promise<void> {
  signalProcess(server.pid, 'SIGKILL');
  await server.stop('SIGKILL', 'command');
}

async function killOne(server: Server, role: string, book: Ledger): Promise<void> {
  const find = () => server.tree().find(({ command }) => command.startsWith(`tributary ${role}`));
  const victim = await eventually(`there is a process ${role}`, find, { within: 15_000 });
  const back = book.died(role);
  signalProcess(victim.pid, 'SIGKILL');
  await eventually(
    `${role} is started again\n${server.log().slice(-2_000)}`,
    () => find()?.pid !== victim.pid && find() !== undefined,
    { within: 15_000 },
  );
  back();
}

import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../rig/eventually.ts';
import type { Random } from '../rig/random.ts';
import type { Receiver } from '../rig/receiver.ts';
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
  /** What a process sent before it died is read before its successor counts as being there. */
  readonly receiver: Pick<Receiver, 'hungUp'>;
}

const roles = ['ingest', 'worker', 'control'];

/**
 * Kills the whole process tree `trees` times at random moments, also while it is still starting,
 * and in between single processes, which must come back by themselves.
 */
export async function killAtRandom(plan: KillPlan): Promise<void> {
  const { dice, book, options, receiver } = plan;
  for (let killed = 0; killed < plan.trees; ) {
    await sleep(dice.between(100, 2_500));
    const draw = dice.next();
    if (draw < 0.3) {
      await killOne(plan, dice.pick(roles));
    } else if (draw < 0.4) {
      const back = book.died('the supervisor');
      await killSupervisor(plan.server);
      await receiver.hungUp();
      plan.server = await startServer(options);
      back();
    } else {
      const back = book.died('the whole tree');
      await plan.server.kill();
      await receiver.hungUp();
      killed++;
      plan.server = await restart(plan);
      back();
    }
  }
}

/** Starts again; one start in six is itself cut short. */
async function restart({ options, dice, receiver }: KillPlan): Promise<Server> {
  while (dice.chance(1 / 6)) {
    const server = await startServer({ ...options, ready: false });
    await sleep(dice.between(0, 900));
    await server.kill();
    await receiver.hungUp();
  }
  return startServer(options);
}

/** Left alone, the other processes must end by themselves. */
async function killSupervisor(server: Server): Promise<void> {
  signalProcess(server.pid, 'SIGKILL');
  await server.stop('SIGKILL', 'command');
}

async function killOne({ server, book, receiver }: KillPlan, role: string): Promise<void> {
  const find = () => server.tree().find(({ command }) => command.startsWith(`tributary ${role}`));
  const victim = await eventually(`there is a process ${role}`, find);
  const back = book.died(role);
  signalProcess(victim.pid, 'SIGKILL');
  const hungUp = role === 'worker' ? receiver.hungUp() : undefined;
  await eventually(
    `${role} is started again\n${server.log().slice(-2_000)}`,
    () => find()?.pid !== victim.pid && find() !== undefined,
  );
  await hungUp;
  back();
}

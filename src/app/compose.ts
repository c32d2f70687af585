import type { NodeContext } from './node/node-context.ts';
import type { ChildRole } from './node/role.ts';
import type { RunningRole } from './node/running-role.ts';

/** What runs in each child process; each loads only what is its own. Ingest is composed by `supervise/run-node`. */
export async function compose(role: ChildRole, context: NodeContext): Promise<RunningRole> {
  if (role === 'control') {
    const { composeControl } = await import('./compose/control.ts');
    return composeControl(context);
  }
  const { composeWorker } = await import('./compose/worker.ts');
  return composeWorker(context);
}

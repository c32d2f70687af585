import type { NodeContext } from './node/node-context.ts';
import type { ChildName } from './node/process-name.ts';
import type { RunningProcess } from './node/running-process.ts';

/** What runs in each child process; each loads only what is its own. Ingest is composed by `supervise/run-node`. */
export async function compose(name: ChildName, context: NodeContext): Promise<RunningProcess> {
  if (name === 'control') {
    const { composeControl } = await import('./compose/control.ts');
    return composeControl(context);
  }
  const { composeWorker } = await import('./compose/worker.ts');
  return composeWorker(context);
}

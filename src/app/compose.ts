import type { NodeContext } from './node/node-context.ts';
import type { RunningRole } from './node/running-role.ts';

/** The one place that wires parts to each other: what runs in each process of a node. */
export async function compose(context: NodeContext): Promise<RunningRole> {
  switch (context.role) {
    case 'control': {
      const { composeControl } = await import('./compose/control.ts');
      return composeControl(context);
    }
    case 'ingest': {
      const { composeIngest } = await import('./compose/ingest.ts');
      return composeIngest(context);
    }
    case 'worker': {
      const { composeWorker } = await import('./compose/worker.ts');
      return composeWorker(context);
    }
  }
}

import { nextRevision } from '../configuration/next-revision.ts';
import type { ReadContext } from '../context.ts';
import { newId } from '../ids.ts';
import { writeAudit } from './write-audit.ts';

/** What was done about the workspace. */
export interface Act {
  readonly operation: string;
  readonly type: string;
  /** The workspace's own when absent. */
  readonly resourceName?: string;
  readonly after: object;
}

/** Records what is no change of the configuration, and so has no transaction of its own, once it is done. */
export async function auditAct(
  { db, environment, principal }: ReadContext,
  { operation, type, resourceName, after }: Act,
): Promise<void> {
  const { workspace, random, clock } = environment;
  await db.transaction().execute(async (transaction) => {
    await writeAudit(transaction, {
      id: newId(random),
      workspaceId: workspace.id,
      position: await nextRevision(transaction, workspace.id),
      at: clock.now(),
      actor: principal.actor,
      actorEmail: principal.email,
      operation,
      type,
      resourceType: 'workspace',
      resourceId: workspace.id,
      resourceName: resourceName ?? workspace.name,
      after,
    });
  });
}

import type { Kysely } from 'kysely';
import type { ControlTables } from '../../core/tables/control-tables.ts';

/** What a write did, in the words of the audit trail. */
export interface AuditEntry {
  readonly id: string;
  readonly workspaceId: string;
  readonly position: number;
  readonly at: number;
  readonly actor: string;
  readonly operation: string;
  readonly type: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly resourceName: string;
}

/** Records a write. `db` is the transaction of the write itself: neither is there without the other. */
export async function writeAudit(db: Kysely<ControlTables>, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit_event')
    .values({
      id: entry.id,
      workspace_id: entry.workspaceId,
      position: entry.position,
      at: entry.at,
      actor: entry.actor,
      operation: entry.operation,
      type: entry.type,
      resource_type: entry.resourceType,
      resource_id: entry.resourceId,
      resource_name: entry.resourceName,
    })
    .execute();
}

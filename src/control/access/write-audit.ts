import type { Kysely } from 'kysely';
import { limits } from '../../core/limits.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';

/** What a write did, in the words of the audit trail. */
export interface AuditEntry {
  readonly id: string;
  readonly workspaceId: string;
  readonly position: number;
  readonly at: number;
  readonly actor: string;
  readonly actorEmail?: string | null;
  readonly operation: string;
  readonly type: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly resourceName: string;
  /** The resource as the API shows it; absent where there was none. */
  readonly before?: object | undefined;
  readonly after?: object | undefined;
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
      actor_email: entry.actorEmail ?? null,
      operation: entry.operation,
      type: entry.type,
      resource_type: entry.resourceType,
      resource_id: entry.resourceId,
      resource_name: entry.resourceName,
      before: auditText(entry.before),
      after: auditText(entry.after),
    })
    .execute();
}

const secretName = /^(writeKeys?|secret|password|token|privateKey|accessKey|encryptedSettings)$/i;
const mask = '••••';

/**
 * A resource as the audit trail keeps it: what names a secret is masked wherever it stands, beyond what the
 * API masks already, and what is longer than a row should be is left out.
 */
export function auditText(resource: object | undefined): string | null {
  if (resource === undefined) return null;
  const text = JSON.stringify(resource, (name, value: unknown) => {
    if (!secretName.test(name)) return value;
    if (typeof value === 'string') return mask;
    return Array.isArray(value) && value.every((item) => typeof item === 'string')
      ? value.map(() => mask)
      : value;
  });
  return text.length <= limits.auditLength ? text : JSON.stringify({ tooLong: text.length });
}

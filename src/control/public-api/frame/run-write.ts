import type { AuditRetention } from '../../access/audit-retention.ts';
import { writeAudit } from '../../access/write-audit.ts';
import { nextRevision } from '../../configuration/next-revision.ts';
import type { ReadContext, WriteContext } from '../../context.ts';
import { newId } from '../../ids.ts';
import type { Static, TObject } from '../../schemas/type.ts';
import type { Audited } from './operation.ts';
import { StatusOutput } from './schema.ts';

export interface WriteRunner {
  /** To be called after each commit with its revision. Resolves when the change is in force on this node. */
  committed(revision: number): Promise<void>;
  readonly auditRetention: AuditRetention;
}

/** What is run: of an operation of any API. */
export interface Write<Input, R extends TObject> {
  readonly operationId: string;
  readonly audit: { readonly type: string; readonly resourceType: string };
  readonly response: R;
  /** Before the transaction. */
  prepare?(context: ReadContext, input: Input): Promise<Input>;
  handle(
    context: WriteContext,
    input: Input,
  ): Promise<{ readonly data: Static<R>; readonly audited: Audited }>;
}

/**
 * One transaction holds the change, its audit record and the next revision; the snapshot is read and published once
 * it is committed, for writes that end together only once.
 */
export async function runWrite<Input, R extends TObject>(
  writes: WriteRunner,
  operation: Write<Input, R>,
  context: ReadContext,
  given: Input,
): Promise<Static<R>> {
  const { environment, principal } = context;
  const input = (await operation.prepare?.(context, given)) ?? given;
  const { data, revision } = await context.db.transaction().execute(async (db) => {
    const now = environment.clock.now();
    const revision = await nextRevision(db, environment.workspace.id);
    const { data, audited } = await operation.handle({ ...context, db, revision, now }, input);
    const saysOnlyStatus = Object.keys(operation.response.properties).every((key) => key in status);
    await writeAudit(db, {
      id: newId(environment.random),
      workspaceId: environment.workspace.id,
      position: revision,
      at: now,
      actor: principal.actor,
      actorEmail: principal.email,
      operation: operation.operationId,
      type: audited.type ?? operation.audit.type,
      resourceType: operation.audit.resourceType,
      resourceId: audited.resourceId,
      resourceName: audited.resourceName,
      before: audited.before,
      after: audited.after ?? (saysOnlyStatus ? undefined : data),
    });
    await writes.auditRetention.written(db, now);
    return { data, revision };
  });
  await writes.committed(revision);
  return data;
}

const status = StatusOutput.properties;

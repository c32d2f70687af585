import type { Kysely } from 'kysely';
import type { Static, TObject } from 'typebox';
import type { Snapshot } from '../../../core/snapshot.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { writeAudit } from '../../access/write-audit.ts';
import { buildSnapshot } from '../../configuration/build-snapshot.ts';
import { nextRevision } from '../../configuration/next-revision.ts';
import { newId } from '../../ids.ts';
import type { Input, ReadContext, WriteOperation } from './operation.ts';

export interface WriteRunner {
  /** Called after each commit, in the order of the versions. */
  publish(snapshot: Snapshot): void;
}

/**
 * One transaction holds the change, its audit record, the next revision and the snapshot made of
 * them; the snapshot is published once it is committed.
 */
export async function runWrite(
  writes: WriteRunner,
  operation: WriteOperation,
  context: ReadContext,
  input: Input<TObject, TObject, TObject>,
): Promise<Static<TObject>> {
  const { environment } = context;
  const { data, snapshot } = await context.db.transaction().execute(async (db) => {
    const now = environment.clock.now();
    const revision = await nextRevision(db, environment.workspace.id);
    const { data, audited } = await operation.handle({ ...context, db, revision, now }, input);
    await audit(db, operation, context, { revision, now, ...audited });
    return { data, snapshot: await buildSnapshot(db, environment.catalog) };
  });
  writes.publish(snapshot);
  return data;
}

async function audit(
  db: Kysely<ControlTables>,
  operation: WriteOperation,
  { environment, principal }: ReadContext,
  entry: {
    readonly revision: number;
    readonly now: number;
    readonly type?: string;
    readonly resourceId: string;
    readonly resourceName: string;
  },
): Promise<void> {
  await writeAudit(db, {
    id: newId(environment.random),
    workspaceId: environment.workspace.id,
    position: entry.revision,
    at: entry.now,
    actor: principal.actor,
    operation: operation.operationId,
    type: entry.type ?? operation.audit.type,
    resourceType: operation.audit.resourceType,
    resourceId: entry.resourceId,
    resourceName: entry.resourceName,
  });
}

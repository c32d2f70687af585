import type { Kysely } from 'kysely';
import type { Deletion, DeletionTarget, DeletionTargets } from '../../core/deletion.ts';
import type { SnapshotHolder } from '../../core/snapshot.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';

/** Steps of a deletion after which nothing from before it is in `accepted` or on its way to `events` (`control/privacy/deletion-watch.ts`). */
const lastFromStep = 2;

/** Reads what regulations want deleted and is not; asks nothing while the snapshot says that there is nothing. */
export function openDeletions(
  snapshot: SnapshotHolder,
  open: () => Promise<Kysely<ControlTables>>,
): () => Promise<readonly Deletion[]> {
  return async () => {
    if (snapshot.current.deletions === undefined) return [];
    const db = await open();
    const rows = await db
      .selectFrom('regulation')
      .select(['id', 'source_id', 'regulation_type', 'subject_type', 'subject_ids'])
      .select(['created_at', 'step'])
      .where('status', 'in', ['INITIALIZED', 'RUNNING'])
      .orderBy('position')
      .execute();
    return rows.flatMap((row) => {
      const { subject_type: subjectType } = row;
      if (subjectType !== 'USER_ID' && subjectType !== 'ANONYMOUS_ID') return [];
      if (!row.regulation_type.includes('DELETE')) return [];
      return [
        {
          id: row.id,
          sourceId: row.source_id ?? undefined,
          subjectType,
          subjectIds: new Set(readIds(row.subject_ids)),
          before: Number(row.created_at),
          isLast: row.step >= lastFromStep,
        },
      ];
    });
  };
}

/** The destinations and warehouses of those that concern any. */
export function openDeletionTargets(
  snapshot: SnapshotHolder,
  open: () => Promise<Kysely<ControlTables>>,
): DeletionTargets {
  return {
    open: async () => {
      if (snapshot.current.newestDeletion === undefined) return [];
      const rows = await (await open())
        .selectFrom('regulation')
        .innerJoin('regulation_target as target', 'target.regulation_id', 'regulation.id')
        .select(['regulation.id', 'regulation.source_id', 'subject_type', 'created_at'])
        .select(['target.kind', 'target.target_id', 'target.source_id as target_source'])
        .where('status', 'in', ['INITIALIZED', 'RUNNING'])
        .where('target.obstacle', 'is', null)
        .orderBy('regulation.position')
        .orderBy('target.position')
        .execute();
      return rows.flatMap((row): DeletionTarget[] => {
        const { kind, subject_type: subjectType } = row;
        if (kind !== 'destination' && kind !== 'warehouse') return [];
        if (subjectType !== 'USER_ID' && subjectType !== 'ANONYMOUS_ID') return [];
        return [
          {
            regulation: row.id,
            kind,
            id: row.target_id,
            sourceId: row.target_source,
            isWhole: row.source_id === null,
            subjectType,
            before: Number(row.created_at),
          },
        ];
      });
    },
    subjects: async (regulation) => {
      const row = await (await open())
        .selectFrom('regulation')
        .select('subject_ids')
        .where('id', '=', regulation)
        .executeTakeFirst();
      return row === undefined ? [] : [...new Set(readIds(row.subject_ids))];
    },
  };
}

function readIds(text: string): string[] {
  return JSON.parse(text) as string[];
}

import type { Kysely } from 'kysely';
import type { Deletion } from '../../core/deletion.ts';
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

function readIds(text: string): string[] {
  return JSON.parse(text) as string[];
}

import type { Environment } from '../environment.ts';
import type { RegulationRow } from './find-regulation.ts';
import { deletesOutside, type RegulationStatus } from './regulation-types.ts';

/** A destination, or what a warehouse has of a source, and how far it is with a regulation. */
export interface TargetState {
  readonly id: string;
  readonly sourceId: string;
  readonly name: string;
  readonly status: Extract<
    RegulationStatus,
    'INITIALIZED' | 'RUNNING' | 'FINISHED' | 'FAILED' | 'NOT_SUPPORTED'
  >;
  /** Why it is not finished; '' when nothing is wrong. */
  readonly message: string;
  /** Milliseconds since the epoch; undefined until then. */
  readonly finishedAt?: number;
}

/** Those of a regulation, in their order. */
export async function targetStates(
  { db, work }: Pick<Environment, 'db' | 'work'>,
  row: Pick<RegulationRow, 'id' | 'source_id' | 'regulation_type' | 'subject_type' | 'has_targets'>,
): Promise<readonly TargetState[]> {
  if (!deletesOutside(row.regulation_type) || row.subject_type === 'OBJECT_ID') return [];
  if (row.has_targets === 0) return await untold(db, row.source_id);
  const targets = await db
    .selectFrom('regulation_target')
    .selectAll()
    .where('regulation_id', '=', row.id)
    .orderBy('position')
    .execute();
  const begun = await work()
    ?.db.selectFrom('deletion_target')
    .selectAll()
    .where('regulation', '=', row.id)
    .execute();
  return targets.map(({ kind, target_id: id, source_id: sourceId, name, obstacle }) => {
    const of = { id, sourceId, name };
    if (obstacle !== null) return { ...of, status: 'NOT_SUPPORTED', message: obstacle };
    const progress = begun?.find(
      (one) => one.kind === kind && one.target === id && one.source === sourceId,
    );
    if (progress === undefined) return { ...of, status: 'INITIALIZED', message: '' };
    const { state, message, updated_at } = progress;
    const finished = state === 'running' ? {} : { finishedAt: Number(updated_at) };
    return { ...of, status: statuses[state], message, ...finished };
  });
}

const statuses = {
  running: 'RUNNING',
  done: 'FINISHED',
  failed: 'FAILED',
  unsupported: 'NOT_SUPPORTED',
} as const;

/** Of a regulation that was taken down by a version that told no destination. */
async function untold(db: Environment['db'], sourceId: string | null): Promise<TargetState[]> {
  let query = db.selectFrom('destination').select(['id', 'source_id', 'name']).orderBy('position');
  if (sourceId !== null) query = query.where('source_id', '=', sourceId);
  return (await query.execute()).map(({ id, source_id, name }) => ({
    ...{ id, sourceId: source_id, name: name ?? id, status: 'NOT_SUPPORTED' },
    message: 'When this was asked for, this server passed no deletions on to destinations.',
  }));
}

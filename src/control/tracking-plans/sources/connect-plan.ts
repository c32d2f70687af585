import { TributaryError } from '../../../core/errors.ts';
import { requireAccess } from '../../access/require-access.ts';
import type { WriteContext } from '../../context.ts';
import { findSource, type SourceRow } from '../../sources/find-source.ts';
import type { TrackingPlanRow } from '../find-tracking-plan.ts';
import { planOfSource } from './plan-of-source.ts';

/**
 * Connects a plan to a source, which asks for both. Throws `not_found`, `forbidden`, and `conflict` when the source has
 * another plan; its own plan is connected already.
 */
export async function connectPlan(
  { db, principal, revision }: WriteContext,
  plan: TrackingPlanRow,
  sourceId: string,
): Promise<SourceRow> {
  const source = await findSource(db, sourceId);
  const resource = { type: 'SOURCE', id: source.id } as const;
  await requireAccess(db, principal, 'admin', { area: 'source', resource });
  const current = await planOfSource(db, source.id);
  if (current === plan.id) return source;
  if (current !== undefined) {
    const message = `Source '${source.id}' is connected to tracking plan '${current}' already.`;
    throw new TributaryError('conflict', message, { field: 'sourceId' });
  }
  await db
    .insertInto('tracking_plan_source')
    .values({ source_id: source.id, tracking_plan_id: plan.id, position: revision })
    .execute();
  return source;
}

/** Takes a plan from a source, which asks for both. Throws `not_found`, also when it is not connected; `forbidden`. */
export async function disconnectPlan(
  { db, principal }: WriteContext,
  plan: TrackingPlanRow,
  sourceId: string,
): Promise<SourceRow> {
  const source = await findSource(db, sourceId);
  const resource = { type: 'SOURCE', id: source.id } as const;
  await requireAccess(db, principal, 'admin', { area: 'source', resource });
  if ((await planOfSource(db, source.id)) !== plan.id) {
    const message = `Source with id '${source.id}' is not connected to tracking plan '${plan.id}'.`;
    throw new TributaryError('not_found', message);
  }
  await db.deleteFrom('tracking_plan_source').where('source_id', '=', source.id).execute();
  return source;
}

import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { ControlTables, ReverseEtlSyncTable } from '../../core/tables/control-tables.ts';
import type { ReadContext, WriteContext } from '../context.ts';
import { newId } from '../ids.ts';
import { InputFailure } from '../input-failure.ts';
import { newestFirstPage } from '../paging/newest-first-page.ts';
import type { PageRequest, Pagination } from '../paging/read-page.ts';
import { dropOldestSyncs } from './drop-oldest-syncs.ts';
import { findModel } from './find-model.ts';

export type ModelSyncRow = Selectable<ReverseEtlSyncTable>;

/** What a manual sync is asked of. */
export interface NewSync {
  readonly sourceId: string;
  readonly modelId: string;
  readonly subscriptionId: string;
}

/**
 * Records a sync that was asked for: the worker finds it in the next snapshot (`ReverseEtlConfig.open`) and runs it. Throws
 * `not_found` without such a model or subscription, `input_validation` when they do not belong together, `conflict` when too many wait.
 */
export async function startSync(
  { db, environment, revision, now }: WriteContext,
  given: NewSync,
): Promise<ModelSyncRow> {
  const model = await findModel(db, given.modelId);
  const subscription = await subscriptionOf(db, given.subscriptionId);
  const refuse = (field: string, text: string) => {
    throw new InputFailure([{ field, message: `"${field}" ${text}` }]);
  };
  if (model.source_id !== given.sourceId) refuse('sourceId', 'is not the source of the model');
  if (subscription.model_id !== model.id) {
    refuse('subscriptionId', 'is a subscription that does not take the rows of the model');
  }
  const { waiting } = await db
    .selectFrom('reverse_etl_sync')
    .select(({ fn }) => fn.countAll().as('waiting'))
    .where('subscription_id', '=', subscription.id)
    .where('finished_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (Number(waiting) >= limits.reverseEtlWaiting) {
    const text = `${waiting} syncs of the subscription wait already.`;
    throw new TributaryError('conflict', text);
  }
  const id = newId(environment.random);
  await db
    .insertInto('reverse_etl_sync')
    .values({
      id,
      model_id: model.id,
      subscription_id: subscription.id,
      position: revision,
      status: 'IN_PROGRESS',
      started_at: now,
      finished_at: null,
      extract_phase: null,
      load_phase: null,
      error: null,
      error_code: null,
      cancel_reason: null,
    })
    .execute();
  await dropOldestSyncs(db, model.id);
  return findSync(db, model.id, id);
}

/** Ends a sync that runs. Throws `conflict` when it has ended already. */
export async function cancelSync(
  { db, now }: WriteContext,
  row: ModelSyncRow,
  reason: number | undefined,
): Promise<ModelSyncRow> {
  if (row.finished_at !== null) {
    throw new TributaryError('conflict', `The sync '${row.id}' has ended already: ${row.status}.`);
  }
  await db
    .updateTable('reverse_etl_sync')
    .set({ status: 'CANCELLED', finished_at: now, cancel_reason: reason ?? null })
    .where('id', '=', row.id)
    .execute();
  return findSync(db, row.model_id, row.id);
}

/** The row of a sync of the model. Rejects with `not_found`. */
export async function findSync(
  db: Kysely<ControlTables>,
  modelId: string,
  id: string,
): Promise<ModelSyncRow> {
  const row = await db
    .selectFrom('reverse_etl_sync')
    .selectAll()
    .where('model_id', '=', modelId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new TributaryError('not_found', `Sync with id '${id}' not found.`);
  return row;
}

/** A page of the syncs of a model for one subscription, newest first. Rejects with `not_found`. */
export async function modelSyncPage(
  { db }: ReadContext,
  request: PageRequest,
  modelId: string,
  subscriptionId: string,
): Promise<{ readonly rows: readonly ModelSyncRow[]; readonly pagination: Pagination }> {
  await subscriptionOf(db, subscriptionId);
  const query = db
    .selectFrom('reverse_etl_sync')
    .selectAll()
    .where('model_id', '=', modelId)
    .where('subscription_id', '=', subscriptionId);
  const { rows, pagination } = await newestFirstPage(request, query);
  return { rows: rows.map(({ row }) => row), pagination };
}

async function subscriptionOf(db: Kysely<ControlTables>, id: string) {
  const row = await db
    .selectFrom('destination_subscription')
    .select(['id', 'model_id'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) {
    throw new TributaryError('not_found', `Subscription with id '${id}' not found.`);
  }
  return row;
}

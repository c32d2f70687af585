import type { Clock } from '../core/clock.ts';
import type { DeletionTarget, DeletionTargets } from '../core/deletion.ts';
import type { Lease } from '../core/lease.ts';
import { limits } from '../core/limits.ts';
import type { Logger } from '../core/logger.ts';
import type { DeletionMetrics } from './deletion-metrics.ts';
import type { TargetProgress, TargetStore } from './target-store.ts';

/** What came of asking for some users. `message` is for the owner of the workspace. */
export type DeletionAnswer =
  | { readonly kind: 'deleted'; readonly rows?: number }
  /** It cannot be asked for anybody. */
  | { readonly kind: 'unsupported'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string; readonly retry: boolean };

/** Asks a target to forget users. Rejects never for what the far end did. */
export type DeleteUsers = (
  target: DeletionTarget,
  ids: readonly string[],
  signal: AbortSignal,
) => Promise<DeletionAnswer>;

export interface DeleteAtDeps {
  readonly targets: DeletionTargets;
  readonly deleteUsers: DeleteUsers;
  readonly usersAtOnce: number;
  readonly pauseMs: number;
  readonly store: TargetStore;
  readonly metrics: DeletionMetrics;
  readonly lease: Lease;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Goes on with one target until it is settled, has to wait for its next try, or is stopped. Rejects with `lease_lost` or `store_failed`. */
export async function deleteAt(target: DeletionTarget, deps: DeleteAtDeps): Promise<void> {
  const { targets, deleteUsers, usersAtOnce, store, metrics, lease, clock } = deps;
  const { kind } = target;
  const signal = AbortSignal.any([deps.signal, lease.lost]);
  // Another node may have come further since it was looked.
  let progress = await store.read(target);
  if (progress.state !== 'running' || progress.next_at > clock.now()) return;
  const ids = await targets.subjects(target.regulation);
  let writtenAt = clock.monotonic();
  while (progress.done < ids.length) {
    if (signal.aborted || !lease.holds()) break;
    const users = ids.slice(progress.done, progress.done + usersAtOnce);
    const answer = await deleteUsers(target, users, signal);
    // What was cut off is no failure.
    if (signal.aborted && answer.kind === 'failed') break;
    if (answer.kind === 'unsupported') {
      const { message } = answer;
      await store.write(lease, target, { ...progress, state: 'unsupported', message }, clock.now());
      return;
    }
    if (answer.kind === 'failed' && answer.retry) {
      metrics.users.inc({ kind, outcome: 'retried' }, users.length);
      return await postpone(target, progress, answer.message, deps);
    }
    const outcome = answer.kind === 'deleted' ? 'deleted' : 'failed';
    metrics.users.inc({ kind, outcome }, users.length);
    if (answer.kind === 'deleted') metrics.rows.inc(answer.rows ?? 0);
    progress = settled(progress, answer, users.length);
    if (progress.done === ids.length) break;
    if (clock.monotonic() - writtenAt >= limits.deletionCommitMs) {
      await store.write(lease, target, progress, clock.now());
      writtenAt = clock.monotonic();
    }
    await clock.sleep(deps.pauseMs, signal);
  }
  if (progress.done === ids.length) progress = ended(progress, ids.length);
  await store.write(lease, target, progress, clock.now());
  if (progress.state !== 'running') say(target, progress, deps);
}

function settled(
  progress: TargetProgress,
  answer: Exclude<DeletionAnswer, { kind: 'unsupported' }>,
  users: number,
): TargetProgress {
  const isFailed = answer.kind === 'failed';
  const { done, failed, deleted_rows, message } = progress;
  return {
    ...progress,
    done: done + users,
    failed: failed + (isFailed ? users : 0),
    deleted_rows: deleted_rows + (isFailed ? 0 : (answer.rows ?? 0)),
    ...{ attempts: 0, failing_since: 0, next_at: 0 },
    // The first reason stays; that of a try that was repeated goes.
    message: failed > 0 ? message : isFailed ? answer.message : '',
  };
}

function ended(progress: TargetProgress, users: number): TargetProgress {
  const { failed, message } = progress;
  if (failed === 0) return { ...progress, state: 'done', message: '' };
  const told = users === 1 ? message : `${failed} of ${users} users failed: ${message}`;
  return { ...progress, state: 'failed', message: told };
}

/** It is tried again later, or was tried for long enough. */
async function postpone(
  target: DeletionTarget,
  progress: TargetProgress,
  message: string,
  deps: DeleteAtDeps,
): Promise<void> {
  const now = deps.clock.now();
  const since = progress.failing_since === 0 ? now : progress.failing_since;
  const wait = Math.min(
    limits.retryFirstMs * 2 ** Math.min(progress.attempts, 30),
    limits.deletionRetryMostMs,
  );
  const isOver = now - since >= limits.deletionRetryForMs;
  const next: TargetProgress = {
    ...progress,
    state: isOver ? 'failed' : 'running',
    attempts: progress.attempts + 1,
    failing_since: since,
    next_at: isOver ? 0 : now + wait,
    message,
  };
  await deps.store.write(deps.lease, target, next, now);
  say(target, next, deps);
}

function say(
  { regulation, kind, id }: DeletionTarget,
  { state, done, failed, deleted_rows: rows, message }: TargetProgress,
  { logger }: Pick<DeleteAtDeps, 'logger'>,
): void {
  const facts = { regulation, kind, id, state, users: done, failed, rows };
  if (state === 'done') logger.info(facts, 'the users of a regulation are deleted');
  else logger.warn({ ...facts, reason: message }, 'the users of a regulation are not deleted');
}

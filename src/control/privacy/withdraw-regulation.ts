import { TributaryError } from '../../core/errors.ts';
import { limits } from '../../core/limits.ts';
import type { WriteContext } from '../context.ts';
import type { RegulationRow } from './find-regulation.ts';

/**
 * Takes a regulation back before anything of it was followed up. A suppression that it began stays: that ends with
 * `UNSUPPRESS`. Throws `conflict` once it is past that.
 */
export async function withdrawRegulation(
  { db, now }: WriteContext,
  { id, status, created_at }: RegulationRow,
): Promise<void> {
  // By then destinations may have been told, by a process whose clock is another.
  const isBegun = now - Number(created_at) >= limits.deletionSettleMs / 2;
  if (status !== 'INITIALIZED' || isBegun) {
    const state = status === 'INITIALIZED' ? 'RUNNING' : status;
    throw new TributaryError(
      'conflict',
      `Regulation '${id}' is ${state} and cannot be taken back.`,
    );
  }
  await db.deleteFrom('regulation').where('id', '=', id).execute();
}

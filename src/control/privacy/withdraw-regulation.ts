import { TributaryError } from '../../core/errors.ts';
import type { WriteContext } from '../context.ts';
import type { RegulationRow } from './find-regulation.ts';

/**
 * Takes a regulation back before anything of it was followed up. A suppression that it began stays: that ends with
 * `UNSUPPRESS`. Throws `conflict` once it is past that.
 */
export async function withdrawRegulation(
  { db }: WriteContext,
  { id, status }: RegulationRow,
): Promise<void> {
  if (status !== 'INITIALIZED') {
    throw new TributaryError(
      'conflict',
      `Regulation '${id}' is ${status} and cannot be taken back.`,
    );
  }
  await db.deleteFrom('regulation').where('id', '=', id).execute();
}

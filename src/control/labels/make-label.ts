import { TributaryError } from '../../core/errors.ts';
import type { LabelPair } from '../access/grant.ts';
import type { WriteContext } from '../context.ts';
import { findLabel, type LabelRow, requireLabel } from './find-label.ts';

/** Makes a label that can then be put on resources. Throws `conflict` when there is one such. */
export async function makeLabel(
  { db, environment, revision }: WriteContext,
  given: LabelPair & { readonly description?: string },
): Promise<LabelRow> {
  const { key, value, description = null } = given;
  if ((await findLabel(db, given)) !== undefined) {
    const text = `The workspace has the label '${key}:${value}'.`;
    throw new TributaryError('conflict', text, { field: 'label' });
  }
  const row = { workspace_id: environment.workspace.id, position: revision };
  await db
    .insertInto('label')
    .values({ ...row, key, value, description })
    .execute();
  return requireLabel(db, given);
}

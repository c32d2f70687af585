import { TributaryError } from '../../../core/errors.ts';
import type { ReadContext } from '../../context.ts';
import { findRegulation, type RegulationRow } from '../../privacy/find-regulation.ts';
import { findNamedSource } from '../sources/find-named-source.ts';

/** The regulation that a path names: any of the workspace, or one of the source in the path. Rejects with `not_found`. */
export async function findInScope(
  { db }: Pick<ReadContext, 'db'>,
  id: string,
  source?: string,
): Promise<RegulationRow> {
  const sourceId = source === undefined ? undefined : (await findNamedSource(db, source)).id;
  const row = await findRegulation(db, id);
  if (sourceId === undefined || row.source_id === sourceId) return row;
  throw new TributaryError('not_found', `Regulation '${id}' of source '${source}' not found.`);
}

import type { WriteContext } from '../../context.ts';
import type { Static } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { readSourceLabels, setSourceLabels } from '../../sources/source-labels.ts';
import type { LabelInput } from '../models/label.ts';

/** Puts labels on a source, beside those it has or in their place; the outcome of the operation. */
export async function changeLabels(
  { db }: WriteContext,
  sourceId: string,
  labels: readonly Static<typeof LabelInput>[],
  replaces: boolean,
) {
  const row = await findSource(db, sourceId);
  const read = async () => (await readSourceLabels(db, [row.id])).get(row.id) ?? [];
  const before = await read();
  await setSourceLabels(db, row.id, labels, replaces);
  return {
    data: { labels: await read() },
    audited: { resourceId: row.id, resourceName: row.name, before: { labels: before } },
  };
}

import type { Kysely } from 'kysely';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { LabelPair } from '../access/grant.ts';
import { InputFailure, type InputProblem } from '../input-failure.ts';

export interface Label extends LabelPair {
  readonly description?: string;
}

/** The labels on sources, by the id of the source, in order of their keys. */
export async function readSourceLabels(
  db: Kysely<ControlTables>,
  sourceIds: readonly string[],
): Promise<Map<string, Label[]>> {
  const labels = new Map<string, Label[]>(sourceIds.map((id) => [id, []]));
  if (sourceIds.length === 0) return labels;
  const rows = await db
    .selectFrom('source_label as on')
    .leftJoin('label', (join) =>
      join.onRef('label.key', '=', 'on.key').onRef('label.value', '=', 'on.value'),
    )
    .select(['on.source_id', 'on.key', 'on.value', 'label.description'])
    .where('on.source_id', 'in', sourceIds)
    .orderBy('on.key')
    .execute();
  for (const { source_id, key, value, description } of rows) {
    labels.get(source_id)?.push({ key, value, ...(description !== null && { description }) });
  }
  return labels;
}

/**
 * Puts labels on a source; one of a key it has takes its place, and with `replace` no others stay. Throws
 * `input_validation` for a label that the workspace does not have, and for a key given twice.
 */
export async function setSourceLabels(
  db: Kysely<ControlTables>,
  sourceId: string,
  labels: readonly LabelPair[],
  replace: boolean,
): Promise<void> {
  await refuseUnknownLabels(db, labels);
  const given = labels.map(({ key }) => key);
  const old = db.deleteFrom('source_label').where('source_id', '=', sourceId);
  if (replace) await old.execute();
  else if (given.length > 0) await old.where('key', 'in', given).execute();
  if (labels.length === 0) return;
  await db
    .insertInto('source_label')
    .values(labels.map(({ key, value }) => ({ source_id: sourceId, key, value })))
    .execute();
}

async function refuseUnknownLabels(
  db: Kysely<ControlTables>,
  labels: readonly LabelPair[],
): Promise<void> {
  const problems: InputProblem[] = [];
  const seen = new Set<string>();
  for (const [index, { key, value }] of labels.entries()) {
    const field = `labels.${index}`;
    const known = await db
      .selectFrom('label')
      .select('key')
      .where('key', '=', key)
      .where('value', '=', value)
      .executeTakeFirst();
    if (known === undefined) {
      problems.push({ field, message: `"${field}": the workspace has no label ${key}:${value}` });
    }
    if (seen.has(key)) {
      problems.push({ field, message: `"${field}": a resource has one label of the key ${key}` });
    }
    seen.add(key);
  }
  if (problems.length > 0) throw new InputFailure(problems);
}

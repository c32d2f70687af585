import type { Kysely } from 'kysely';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import { takePositions } from '../configuration/next-revision.ts';
import type { WriteContext } from '../context.ts';
import { InputFailure } from '../input-failure.ts';
import type { SubjectType } from './regulation-types.ts';

/** Rows written in one statement: the engines bound its parameters. */
const rowsAtOnce = 1_000;

/** Of whom events are dropped, in one source or, with null, in all. */
export interface Subjects {
  readonly sourceId: string | null;
  readonly type: SubjectType;
  readonly ids: readonly string[];
}

/** Drops the events of these users from now on. Who is suppressed already stays so. */
export async function suppress(context: WriteContext, subjects: Subjects): Promise<void> {
  await write(context, subjects, 1);
}

/**
 * Takes events of these users again. Throws `input_validation` for one who is suppressed in the whole workspace, where
 * it is asked for one source alone.
 */
export async function unsuppress(context: WriteContext, subjects: Subjects): Promise<void> {
  if (subjects.sourceId !== null) await refuseOutranked(context.db, subjects);
  await write(context, subjects, 0);
}

async function write(
  { db, environment }: WriteContext,
  { sourceId, type, ids }: Subjects,
  in_force: 0 | 1,
): Promise<void> {
  const unique = [...new Set(ids)];
  const positions = await takePositions(db, environment.workspace.id, unique.length);
  const scope = sourceId ?? '';
  const rows = unique.map((subject_id, index) => ({
    scope,
    subject_type: type,
    subject_id,
    source_id: sourceId,
    position: positions[index] ?? 0,
    in_force,
  }));
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    await db
      .insertInto('suppression')
      .values(rows.slice(from, from + rowsAtOnce))
      .onConflict((conflict) =>
        conflict.columns(['scope', 'subject_type', 'subject_id']).doUpdateSet((row) => ({
          position: row.ref('excluded.position'),
          in_force,
        })),
      )
      .execute();
  }
}

async function refuseOutranked(db: Kysely<ControlTables>, { type, ids }: Subjects): Promise<void> {
  for (const [index, id] of ids.entries()) {
    const found = await db
      .selectFrom('suppression')
      .select('subject_id')
      .where('scope', '=', '')
      .where('subject_type', '=', type)
      .where('subject_id', '=', id)
      .where('in_force', '=', 1)
      .executeTakeFirst();
    if (found === undefined) continue;
    const field = `subjectIds.${index}`;
    const message = `"${field}": the workspace suppresses '${id}', which outranks the source`;
    throw new InputFailure([{ field, message }]);
  }
}

import type { ReadContext } from '../../context.ts';
import type { RegulationRow } from '../../privacy/find-regulation.ts';
import { presentRegulation } from '../../public-api/regulations/present-regulation.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { configTime } from '../frame/config-time.ts';
import { sourceName, workspaceName } from '../frame/resource-name.ts';
import { subjectWord, typeWord } from './regulation-words.ts';

const fields = {
  id: Type.String(),
  name: Type.String(),
  /** The workspace, or the source whose users alone it is about. */
  parent: Type.String(),
  regulation_type: Type.String(),
  attributes: Type.Object({ name: Type.String(), values: Type.Array(Type.String()) }),
  status: Type.String(),
  create_time: Type.String(),
  /** Absent until then. */
  finish_time: Type.Optional(Type.String()),
};

/** A regulation as lists show it. */
export const RegulationEntry = Type.Object(fields);

/** One regulation, with what became of it at each destination. */
export const RegulationOutput = Type.Object({
  ...fields,
  stream_status: Type.Array(
    Type.Object({
      /** The name of the source. */
      id: Type.String(),
      destination_status: Type.Array(
        Type.Object({
          name: Type.String(),
          id: Type.String(),
          status: Type.String(),
          err_string: Type.String(),
          finish_time: Type.String(),
        }),
      ),
    }),
  ),
});

/** Slugs of sources by their ids. */
type Slugs = ReadonlyMap<string, string>;

async function readSlugs({ db }: ReadContext, ids: readonly string[]): Promise<Slugs> {
  if (ids.length === 0) return new Map();
  const query = db.selectFrom('source').select(['id', 'slug']).where('id', 'in', ids);
  return new Map((await query.execute()).map(({ id, slug }) => [id, slug]));
}

export async function configRegulations(
  context: ReadContext,
  rows: readonly RegulationRow[],
): Promise<Static<typeof RegulationEntry>[]> {
  const ids = rows.flatMap(({ source_id }) => (source_id === null ? [] : [source_id]));
  const slugs = await readSlugs(context, [...new Set(ids)]);
  return rows.map((row) => entryOf(context, row, slugs));
}

export async function configRegulation(
  context: ReadContext,
  row: RegulationRow,
): Promise<Static<typeof RegulationOutput>> {
  const { streamStatus } = await presentRegulation(context, row);
  const sources = streamStatus.map(({ id }) => id);
  const slugs = await readSlugs(context, row.source_id ? [row.source_id, ...sources] : sources);
  return {
    ...entryOf(context, row, slugs),
    stream_status: streamStatus.map(({ id, destinationStatus }) => ({
      id: sourceName(context.environment, slugs.get(id) ?? id),
      destination_status: destinationStatus.map(({ errString, finishedAt, ...status }) => ({
        ...status,
        err_string: errString,
        finish_time: finishedAt,
      })),
    })),
  };
}

function entryOf(
  { environment }: ReadContext,
  row: RegulationRow,
  slugs: Slugs,
): Static<typeof RegulationEntry> {
  const { id, source_id } = row;
  const parent =
    source_id === null
      ? workspaceName(environment)
      : sourceName(environment, slugs.get(source_id) ?? source_id);
  return {
    id,
    name: `${parent}/regulations/${id}`,
    parent,
    regulation_type: typeWord(row.regulation_type),
    attributes: { name: subjectWord(row.subject_type), values: JSON.parse(row.subject_ids) },
    status: row.status,
    create_time: configTime(row.created_at),
    ...(row.finished_at !== null && { finish_time: configTime(row.finished_at) }),
  };
}

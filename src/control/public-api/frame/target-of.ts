import assert from 'node:assert/strict';
import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { Area } from '../../access/area.ts';
import type { Target } from '../../access/require-access.ts';
import { resourceKinds } from './resource-kinds.ts';

/**
 * What an operation works on, for roles: an area as a whole, or one resource, named by the parameter that
 * holds its id, which stands in the path, the query or the body.
 */
export type On =
  | Area
  | { readonly source: string }
  | { readonly destination: string }
  | { readonly replay: string }
  | { readonly warehouse: string }
  | { readonly function: string }
  | { readonly space: string };

type Parts = Readonly<Record<'params' | 'query' | 'body', Readonly<Record<string, unknown>>>>;

/** The area of a declaration, for the documents. */
export function areaOf(on: On): Area {
  if (typeof on === 'string') return on;
  const [kind] = Object.keys(on);
  const found = resourceKinds.find(({ name }) => name === kind);
  assert(found !== undefined, 'On names one of the kinds');
  return found.area;
}

/** The target of one request. Destinations and replays count as their source; without an id it is all of the area. */
export async function targetOf(
  db: Kysely<ControlTables>,
  on: On,
  { params, query, body }: Parts,
): Promise<Target> {
  const area = areaOf(on);
  if (typeof on === 'string') return { area };
  for (const { name, type } of resourceKinds) {
    const parameter = Object.entries(on).find(([kind]) => kind === name)?.[1];
    if (parameter === undefined) continue;
    const id = params[parameter] ?? query[parameter] ?? body[parameter];
    if (typeof id !== 'string') return { area, whole: true };
    if (name !== 'destination' && name !== 'replay') return { area, resource: { type, id } };
    const sourceId = await (name === 'replay' ? sourceOfReplay : sourceOfDestination)(db, id);
    return sourceId === undefined ? { area } : { area, resource: { type, id: sourceId } };
  }
  return { area };
}

async function sourceOfDestination(db: Kysely<ControlTables>, id: string) {
  const query = db.selectFrom('destination').select('source_id').where('id', '=', id);
  return (await query.executeTakeFirst())?.source_id;
}

async function sourceOfReplay(db: Kysely<ControlTables>, id: string) {
  const query = db
    .selectFrom('replay')
    .innerJoin('destination', 'destination.id', 'replay.destination_id')
    .select('destination.source_id')
    .where('replay.id', '=', id);
  return (await query.executeTakeFirst())?.source_id;
}

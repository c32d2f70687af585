import assert from 'node:assert/strict';
import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { Area } from '../../access/area.ts';
import type { Target } from '../../access/require-access.ts';
import { functionIds } from '../../functions/function-type.ts';
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
  /** Of an insert function: counts as its function. */
  | { readonly instance: string }
  | { readonly space: string }
  /** A filter of a space: counts as that. */
  | { readonly spaceFilter: string };

type Parts = Readonly<Record<'params' | 'query' | 'body', Readonly<Record<string, unknown>>>>;

/** The area of a declaration, for the documents. */
export function areaOf(on: On): Area {
  if (typeof on === 'string') return on;
  const [kind] = Object.keys(on);
  const found = resourceKinds.find(({ name }) => name === kind);
  assert(found !== undefined, 'On names one of the kinds');
  return found.area;
}

/** The target of one request: what belongs to another resource counts as that. Without an id it is all of the area. */
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
    const owner = await ownerOf(db, name, id);
    return owner === undefined ? { area } : { area, resource: { type, id: owner } };
  }
  return { area };
}

/** The id that grants know; undefined when there is no such resource. */
function ownerOf(
  db: Kysely<ControlTables>,
  name: (typeof resourceKinds)[number]['name'],
  id: string,
): Promise<string | undefined> | string {
  switch (name) {
    case 'destination':
      return sourceOfDestination(db, id);
    case 'replay':
      return sourceOfReplay(db, id);
    case 'function':
      return functionOf(db, id);
    case 'instance':
      return functionOfInstance(db, id);
    case 'spaceFilter':
      return spaceOfFilter(db, id);
    default:
      return id;
  }
}

/** Clients leave out the prefix of insert functions. */
async function functionOf(db: Kysely<ControlTables>, id: string) {
  const query = db.selectFrom('user_function').select('id').where('id', 'in', functionIds(id));
  return (await query.executeTakeFirst())?.id;
}

async function functionOfInstance(db: Kysely<ControlTables>, id: string) {
  const query = db.selectFrom('function_instance').select('function_id').where('id', '=', id);
  return (await query.executeTakeFirst())?.function_id;
}

async function spaceOfFilter(db: Kysely<ControlTables>, id: string) {
  const query = db.selectFrom('space_filter').select('space_id').where('id', '=', id);
  return (await query.executeTakeFirst())?.space_id;
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

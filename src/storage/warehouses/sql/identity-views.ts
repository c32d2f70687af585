import type { SchemaChanges, TableShape, Warehouse } from '../../../core/warehouse-engine.ts';
import { literal, quoted, quotedTable } from './names.ts';

/** The view of `users` that knows which of them are the same: a name that no table gets (`warehouses/naming`). */
export const usersByProfile = 'users_by_profile';

/** No property becomes a column of this name: theirs begin with a letter, unless they are reserved. */
const profileColumn = '_profile_id';

/** Links that are followed from one id to the next: aliases may form a ring. */
const mostLinks = 20;

/**
 * The statements that make `users_by_profile` anew in the schemas where a change has touched what it is made of, to be run behind the change.
 * Somebody else's table or view of that name is left alone.
 */
export async function identityViews(
  { create, add }: SchemaChanges,
  warehouse: Pick<Warehouse, 'tables'>,
  select: (sql: string) => Promise<readonly (readonly unknown[])[]>,
): Promise<string[]> {
  const touched = [...create, ...add.map(({ table }) => table)].filter(({ name }) =>
    ['users', 'aliases'].includes(name),
  );
  const statements: string[] = [];
  for (const schema of new Set(touched.map((table) => table.schema))) {
    const query = profileQuery(await warehouse.tables(schema));
    if (query === undefined) continue;
    const [[first = profileColumn] = []] = await select(
      `select column_name from information_schema.columns where table_schema = ${literal(schema)}
       and table_name = ${literal(usersByProfile)} order by ordinal_position limit 1`,
    );
    if (first !== profileColumn) continue;
    const view = quotedTable({ schema, name: usersByProfile });
    statements.push(`create or replace view ${view} as ${query}`);
  }
  return statements;
}

/**
 * `users` with the id that each of them has become by alias calls, its `_profile_id`: of several calls with the same
 * `previousId` the one received last counts, and it is followed to its end. Undefined: there are not both tables.
 */
export function profileQuery(tables: readonly TableShape[]): string | undefined {
  const users = tables.find(({ name }) => name === 'users');
  const aliases = tables.find(({ name }) => name === 'aliases');
  if (users === undefined || aliases === undefined) return undefined;
  const has = new Set(aliases.columns.map(({ name }) => name));
  if (!['previous_id', 'user_id', 'received_at'].every((name) => has.has(name))) return undefined;
  // What is added to the table later stands at the end: only so can a view be replaced.
  const columns = users.columns.map(({ name }) => `u.${quoted(name)}`).join(', ');
  return `with recursive pairs as (
    select previous_id, user_id from (
      select previous_id, user_id, row_number() over (partition by previous_id order by received_at desc, id desc) as place
      from ${quotedTable(aliases)} where previous_id is not null and user_id is not null and previous_id <> user_id) ranked
    where place = 1),
  chain as (
    select previous_id as user_id, user_id as profile_id, 1 as step from pairs
    union all
    select c.user_id, p.user_id, c.step + 1 from chain c join pairs p on p.previous_id = c.profile_id where c.step < ${mostLinks}),
  merged as (
    select user_id, profile_id, row_number() over (partition by user_id order by step desc) as place from chain)
  select coalesce(m.profile_id, u.id) as ${profileColumn}, ${columns}
  from ${quotedTable(users)} u left join merged m on m.user_id = u.id and m.place = 1`;
}

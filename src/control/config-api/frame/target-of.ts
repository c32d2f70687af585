import type { Kysely } from 'kysely';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import type { Target } from '../../access/require-access.ts';
import { functionIds } from '../../functions/function-type.ts';
import type { ConfigOperation } from './config-operation.ts';

/**
 * What one request works on, for roles: the source or the function in its path, else the area. A source that
 * is not there is nobody's: who may change all of them learns so, others are refused.
 */
export async function targetOf(
  db: Kysely<ControlTables>,
  { area }: ConfigOperation,
  params: Readonly<Record<string, string | undefined>>,
): Promise<Target> {
  const slug = params['source'];
  if (area === 'source' && slug !== undefined) {
    const query = db.selectFrom('source').select('id').where('slug', '=', slug);
    const id = (await query.executeTakeFirst())?.id ?? '';
    return { area, resource: { type: 'SOURCE', id } };
  }
  const named = params['function'];
  if (area === 'function' && named !== undefined) {
    const query = db.selectFrom('user_function').select('id').where('id', 'in', functionIds(named));
    const id = (await query.executeTakeFirst())?.id ?? '';
    return { area, resource: { type: 'FUNCTION', id } };
  }
  return { area };
}

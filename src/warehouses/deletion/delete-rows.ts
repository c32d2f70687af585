import type { JsonObject } from '../../core/json.ts';
import type { DeleteOptions, Warehouse, WarehouseDialect } from '../../core/warehouse-engine.ts';
import { Identifiers } from '../naming/identifiers.ts';

export interface DeleteRowsJob extends DeleteOptions {
  readonly sourceId: string;
  readonly ids: readonly string[];
}

/**
 * Deletes what a warehouse has of some users of a source; resolves with the rows that went. Nothing when nothing of
 * the source was ever loaded.
 */
export async function deleteRows(
  {
    warehouse,
    dialect,
    settings,
  }: {
    readonly warehouse: Warehouse;
    readonly dialect: WarehouseDialect;
    readonly settings: JsonObject;
  },
  { sourceId, ids, ...options }: DeleteRowsJob,
): Promise<number> {
  const common = settings['schema'];
  const schema =
    typeof common === 'string' && common !== ''
      ? new Identifiers(dialect).schema(common)
      : (await warehouse.schemas()).get(sourceId);
  return schema === undefined ? 0 : await warehouse.deleteUsers(schema, ids, options);
}

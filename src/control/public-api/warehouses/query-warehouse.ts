import { TributaryError } from '../../../core/errors.ts';
import { limits } from '../../../core/limits.ts';
import { Type } from '../../schemas/type.ts';
import { findWarehouse } from '../../warehouses/find-warehouse.ts';
import { readOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';

export const queryWarehouse = readOperation({
  operationId: 'queryWarehouse',
  method: 'POST',
  path: '/warehouses/{warehouseId}/query',
  tag: 'Tributary',
  summary:
    'Runs one SQL statement that reads in the warehouse, within a time, and gives a page of its rows',
  permission: 'read',
  on: { warehouse: 'warehouseId' },
  params: Type.Object({ warehouseId: Id }),
  body: Type.Object({
    sql: Type.String({ minLength: 1, maxLength: limits.warehouseQueryLength }),
    /** Rows of the page; 1,000 when absent. */
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: limits.warehouseQueryRows })),
    /** Rows before it. */
    offset: Type.Optional(Type.Integer({ minimum: 0 })),
  }),
  response: Type.Object({
    columns: Type.Array(Type.Object({ name: Type.String(), type: Type.String() })),
    /** Values in the order of the columns: text, number, boolean or null. */
    rows: Type.Array(Type.Array(Type.Unknown())),
    /** The `offset` of the next page; null behind the last. */
    nextOffset: Type.Union([Type.Integer(), Type.Null()]),
  }),
  handle: async ({ db, environment }, { params, body }) => {
    const { id } = await findWarehouse(db, params.warehouseId);
    const { askWarehouse } = environment;
    if (askWarehouse === undefined) {
      throw new TributaryError(
        'unavailable',
        'This node does not have the role `load`: ask one that has it',
      );
    }
    const { sql, count = 1_000, offset = 0 } = body;
    const options = { rows: count, offset, timeoutMs: limits.warehouseQueryMs };
    const { columns, rows, more } = await askWarehouse(id, sql, options);
    return {
      columns: [...columns],
      rows: rows.map((row) => [...row]),
      nextOffset: more ? offset + count : null,
    };
  },
});

import { Type } from '../../schemas/type.ts';
import { nullable, oneOf } from '../frame/schema.ts';

/** A sync that somebody asked for. Ours: Segment has only reports. */
export const WarehouseSync = Type.Object({
  id: Type.String(),
  warehouseId: Type.String(),
  /** Of a back-fill: events received at or after, and before; null for what is new. */
  from: nullable('string'),
  to: nullable('string'),
  /** Of a back-fill of one source. */
  sourceId: nullable('string'),
  /** Of a back-fill of one table. */
  collection: nullable('string'),
  /** `WAITING` until it has ended: the reports say what runs. */
  status: oneOf(['WAITING', 'SUCCESS', 'FAILURE']),
  /** Rows that it brought. */
  count: Type.Integer(),
  notices: Type.Array(
    Type.Object({ level: Type.String(), message: Type.String(), createdAt: Type.String() }),
  ),
  createdAt: Type.String(),
  endedAt: nullable('string'),
});

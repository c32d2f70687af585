import { Type } from '../../schemas/type.ts';
import { FreeObject } from '../frame/schema.ts';
import { WarehouseMetadata } from './warehouse.ts';

export const ProfilesWarehouse = Type.Object({
  id: Type.String(),
  spaceId: Type.String(),
  metadata: WarehouseMetadata,
  workspaceId: Type.String(),
  enabled: Type.Boolean(),
  /** With the defaults of its kind and its name; without what is secret. */
  settings: FreeObject,
  schemaName: Type.Optional(Type.String()),
});

import { Type } from '../../schemas/type.ts';
import { FreeObject } from '../frame/schema.ts';
import { IntegrationOption, Logos } from './catalog.ts';

export const WarehouseMetadata = Type.Object({
  id: Type.String(),
  name: Type.String(),
  slug: Type.String(),
  description: Type.String(),
  logos: Logos,
  options: Type.Array(IntegrationOption),
});

export const Warehouse = Type.Object({
  id: Type.String(),
  metadata: WarehouseMetadata,
  workspaceId: Type.String(),
  enabled: Type.Boolean(),
  /** With the defaults of its kind and its name; without what is secret. */
  settings: FreeObject,
});

import type { WarehouseKind } from '../../core/warehouse.ts';
import type { WarehouseMetadata } from '../public-api/models/warehouse.ts';
import type { Static } from '../schemas/type.ts';
import { integrationOption } from './integration-option.ts';

/** A kind of warehouse as the API shows it. */
export function warehouseMetadata(kind: WarehouseKind): Static<typeof WarehouseMetadata> {
  return {
    id: kind.id,
    name: kind.name,
    slug: kind.slug,
    description: kind.description,
    logos: { default: '', alt: null, mark: null },
    options: kind.options.map(integrationOption),
  };
}

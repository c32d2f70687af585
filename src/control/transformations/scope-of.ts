import type { Catalog } from '../catalog/catalog.ts';
import { InputFailure } from '../input-failure.ts';

/** The kind of destination as the table has it: its id, or '' for the source itself. Throws `input_validation`. */
export function scopeOf(catalog: Catalog, idOrSlug: string | undefined): string {
  if (idOrSlug === undefined || idOrSlug === '') return '';
  const kind = catalog.destination(idOrSlug);
  if (kind !== undefined) return kind.id;
  const message = '"destinationMetadataId" is not in the catalog of destinations';
  throw new InputFailure([{ field: 'destinationMetadataId', message }]);
}

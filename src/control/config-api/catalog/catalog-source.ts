import type { SourceDefinition } from '../../catalog/source-catalog.ts';
import { sourceMetadata } from '../../catalog/source-metadata.ts';
import { type Static, Type } from '../../schemas/type.ts';

export const CatalogLogos = Type.Object({ logo: Type.String(), mark: Type.String() });

export const CatalogSource = Type.Object({
  name: Type.String(),
  id: Type.String(),
  slug: Type.String(),
  display_name: Type.String(),
  description: Type.String(),
  categories: Type.Array(Type.String()),
  logos: CatalogLogos,
  type: Type.String(),
});

/** A kind of source. All of them send events; none is fetched from another service. */
export function catalogSource(definition: SourceDefinition): Static<typeof CatalogSource> {
  const { id, slug, name, description, categories, logos } = sourceMetadata(definition);
  return {
    name: `catalog/sources/${slug}`,
    id,
    slug,
    display_name: name,
    description: description ?? '',
    categories,
    logos: { logo: logos.default, mark: logos.mark ?? '' },
    type: 'STREAMING',
  };
}

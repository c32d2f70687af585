import type { SourceMetadata } from '../public-api/models/source.ts';
import type { Static } from '../schemas/type.ts';
import { integrationOption } from './integration-option.ts';
import type { SourceDefinition } from './source-catalog.ts';

/** A kind of source as the API shows it. */
export function sourceMetadata(definition: SourceDefinition): Static<typeof SourceMetadata> {
  return {
    id: definition.id,
    name: definition.name,
    slug: definition.slug,
    description: definition.description,
    logos: { default: '', alt: null, mark: null },
    options: (definition.options ?? []).map(integrationOption),
    categories: [definition.category],
    isCloudEventSource: false,
    status: 'PUBLIC',
  };
}

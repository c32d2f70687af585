import { isActionsDestination } from '../../core/actions-destination.ts';
import type { DestinationKind } from '../../core/destination.ts';
import { isDeviceDestination } from '../../core/device-mode.ts';
import { limits } from '../../core/limits.ts';
import { isFunctionKind } from '../functions/workspace-kinds.ts';
import type { DestinationMetadata } from '../public-api/models/destination.ts';
import type { Static } from '../schemas/type.ts';
import { deviceMetadata } from './device-metadata.ts';
import { integrationOption } from './integration-option.ts';

type Metadata = Static<typeof DestinationMetadata>;

/**
 * Made once for each kind: a list of destinations shows the same one many times. Only those used last are kept,
 * the longest unused stands first: most kinds of the library are never shown.
 */
const made = new Map<DestinationKind, Metadata>();

/** A kind of destination as the API shows it: every key Segment's clients require, also the empty ones. */
export function destinationMetadata(definition: DestinationKind): Metadata {
  // Read anew for each request: nobody asks for the same one twice.
  if (isFunctionKind(definition)) return makeMetadata(definition);
  const metadata = made.get(definition) ?? makeMetadata(definition);
  made.delete(definition);
  made.set(definition, metadata);
  for (const oldest of made.keys()) {
    if (made.size <= limits.shownKinds) break;
    made.delete(oldest);
  }
  return metadata;
}

function makeMetadata(definition: DestinationKind): Metadata {
  const supports = new Set(definition.supports);
  const cloud: Metadata = {
    id: definition.id,
    name: definition.name,
    description: definition.description,
    slug: definition.slug,
    logos: { default: '', alt: null, mark: null },
    options: definition.options.map(integrationOption),
    status: 'PUBLIC',
    previousNames: [definition.name],
    categories: [...definition.categories],
    website: definition.website,
    components: [],
    supportedFeatures: {
      cloudModeInstances: 'MULTIPLE',
      deviceModeInstances: 'NONE',
      replay: true,
      browserUnbundling: true,
      browserUnbundlingPublic: true,
    },
    supportedMethods: {
      pageview: supports.has('page') || supports.has('screen'),
      identify: supports.has('identify'),
      alias: supports.has('alias'),
      track: supports.has('track'),
      group: supports.has('group'),
    },
    supportedPlatforms: { browser: true, server: true, mobile: true },
    actions: [],
    presets: [],
  };
  if (isActionsDestination(definition)) return { ...cloud, ...definition.readActions() };
  return isDeviceDestination(definition) ? { ...cloud, ...deviceMetadata(definition) } : cloud;
}

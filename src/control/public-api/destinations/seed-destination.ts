import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { Type } from '../../schemas/type.ts';
import { PaginationOutput } from '../frame/pagination.ts';
import { Destination, DestinationMetadata } from '../models/destination.ts';
import { Label } from '../models/label.ts';

/** As seed 004 has a kind of destination: with its own names for two of the methods (spec public-api-seed-differences §3). */
const SeedMetadata = Type.Object({
  ...DestinationMetadata.properties,
  supportedMethods: Type.Object({
    ...DestinationMetadata.properties.supportedMethods.properties,
    page: Type.Boolean(),
    screen: Type.Boolean(),
  }),
});

const SeedDestination = Type.Object({
  ...Destination.properties,
  metadata: SeedMetadata,
  labels: Type.Array(Label),
});

/** The answer of an operation with one destination, as seed 004 has it. */
export const seedDestination = {
  response: Type.Object({ destination: SeedDestination }),
  from: (data: JsonObject): JsonObject => ({ destination: destination(data['destination']) }),
};

/** The answer of an operation with a list of destinations. */
export const seedDestinations = {
  response: Type.Object({
    destinations: Type.Array(SeedDestination),
    pagination: PaginationOutput,
  }),
  from: (data: JsonObject): JsonObject => ({
    ...data,
    destinations: Array.isArray(data['destinations']) ? data['destinations'].map(destination) : [],
  }),
};

/** The answer with one kind of destination: under the name of seed 004 too. */
export const seedDestinationMetadata = {
  response: Type.Object({ destinationMetadata: SeedMetadata, destinationCatalog: SeedMetadata }),
  from: (data: JsonObject): JsonObject => {
    const shown = metadata(data['destinationMetadata']);
    return { destinationMetadata: shown, destinationCatalog: shown };
  },
};

function destination(value: Json | undefined): JsonObject {
  const shown = isJsonObject(value) ? value : {};
  return { ...shown, metadata: metadata(shown['metadata']), labels: [] };
}

function metadata(value: Json | undefined): JsonObject {
  const shown = isJsonObject(value) ? value : {};
  const methods = isJsonObject(shown['supportedMethods']) ? shown['supportedMethods'] : {};
  const { pageview = false } = methods;
  return { ...shown, supportedMethods: { ...methods, page: pageview, screen: pageview } };
}

import type { DestinationDefinition } from '../core/destination.ts';
import { webhooksDestination } from './webhooks/webhooks.ts';

/** Every kind of destination this server offers, in the order of the catalogue. */
export const destinationDefinitions: readonly DestinationDefinition[] = [webhooksDestination];

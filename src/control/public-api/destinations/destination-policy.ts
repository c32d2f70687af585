import { isKeyModes, keyModes } from '../../../core/snapshot.ts';
import type { DestinationRow } from '../../destinations/find-destination.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { oneOf } from '../frame/schema.ts';
import { ConsentCategory } from '../models/client-settings.ts';

/** By what kind of write key the events come that a destination takes; `live` unless set. */
const Takes = oneOf(keyModes);
/** What a user must have consented to, all of it. */
const ConsentCategories = Type.Array(ConsentCategory, { maxItems: 100 });

export const DestinationPolicyInput = Type.Object({
  takes: Type.Optional(Takes),
  consentCategories: Type.Optional(ConsentCategories),
});

export const DestinationPolicy = Type.Object({
  takes: Takes,
  consentCategories: Type.Array(Type.String()),
});

export function presentDestinationPolicy(row: DestinationRow): Static<typeof DestinationPolicy> {
  return {
    takes: isKeyModes(row.takes) ? row.takes : 'live',
    consentCategories: JSON.parse(row.consent_categories),
  };
}

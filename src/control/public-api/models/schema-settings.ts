import { Type } from '../../schemas/type.ts';
import { oneOf } from '../frame/schema.ts';

const flag = Type.Optional(Type.Boolean());

const TrackSettings = Type.Object({
  allowUnplannedEvents: flag,
  allowUnplannedEventProperties: flag,
  allowEventOnViolations: flag,
  allowPropertiesOnViolations: flag,
  commonEventOnViolations: Type.Optional(oneOf(['ALLOW', 'BLOCK', 'OMIT_PROPERTIES'])),
});

const TraitsSettings = Type.Object({
  allowUnplannedTraits: flag,
  allowTraitsOnViolations: flag,
  commonEventOnViolations: Type.Optional(oneOf(['ALLOW', 'BLOCK', 'OMIT_TRAITS'])),
});

/** What a source does with events that its tracking plan does not have, or that break it. */
export const SchemaSettings = Type.Object({
  track: Type.Optional(TrackSettings),
  identify: Type.Optional(TraitsSettings),
  group: Type.Optional(TraitsSettings),
  /** Ids of sources; absent: nowhere. */
  forwardingViolationsTo: Type.Optional(Type.String({ maxLength: 255 })),
  forwardingBlockedEventsTo: Type.Optional(Type.String({ maxLength: 255 })),
});

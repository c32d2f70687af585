import type { DiscardFilter } from '../../discards/scan-discards.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { parseIsoTime } from '../frame/iso-time.ts';
import { Id, oneOf } from '../frame/schema.ts';
import { discardStages } from '../models/discard.ts';

/** Which discards are meant; all that is said must hold. */
export const discardFilterFields = {
  sourceId: Type.Optional(Id),
  destinationId: Type.Optional(Id),
  code: Type.Optional(Id),
  stage: Type.Optional(oneOf(discardStages)),
  /** ISO 8601: discarded at or after, and before. */
  from: Type.Optional(Type.String({ maxLength: 64 })),
  to: Type.Optional(Type.String({ maxLength: 64 })),
};

const Fields = Type.Object(discardFilterFields);

/** Throws `input_validation` for what is no time. */
export function readFilter(given: Static<typeof Fields>): DiscardFilter {
  const { sourceId, destinationId, code, stage, from, to } = given;
  return {
    ...(sourceId !== undefined && { sourceId }),
    ...(destinationId !== undefined && { destinationId }),
    ...(code !== undefined && { code }),
    ...(stage !== undefined && { stage }),
    ...(from !== undefined && { from: parseIsoTime('from', from) }),
    ...(to !== undefined && { to: parseIsoTime('to', to) }),
  };
}

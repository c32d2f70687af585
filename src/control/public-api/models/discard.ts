import { Type } from '../../schemas/type.ts';
import { AnyJson, oneOf } from '../frame/schema.ts';

export const discardStages = ['ingest', 'process', 'deliver'] as const;

/** One event that was refused, dropped or given up. */
export const Discard = Type.Object({
  id: Type.String(),
  sourceId: Type.String(),
  stage: oneOf(discardStages),
  /** One of docs/reference/discards.md. */
  code: Type.String(),
  message: Type.String(),
  field: Type.Optional(Type.String()),
  at: Type.String(),
  messageId: Type.Optional(Type.String()),
  type: Type.Optional(Type.String()),
  event: Type.Optional(Type.String()),
  destinationId: Type.Optional(Type.String()),
  attempts: Type.Optional(Type.Integer()),
  /** Events that this record stands for, when it is more than one. */
  count: Type.Optional(Type.Integer()),
  /** When it was sent again last. */
  resentAt: Type.Optional(Type.String()),
  /** The event; text when it was not JSON, absent when none was kept. */
  payload: Type.Optional(AnyJson),
});

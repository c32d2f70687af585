import Type from 'typebox';
import { keyModes } from '../../../core/snapshot.ts';
import { oneOf } from '../frame/schema.ts';

/** By what kind of write key the events come that a destination takes; `live` unless set. */
export const DestinationPolicy = Type.Object({ takes: oneOf(keyModes) });

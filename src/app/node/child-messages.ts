import type { BusTopic } from '../../core/bus.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Config } from '../config/config.ts';
import type { BusMessage } from './ipc-bus.ts';

/** What the parent says to a child. */
export type ToChild =
  | { readonly kind: 'start'; readonly config: Config }
  | { readonly kind: 'publish'; readonly topic: BusTopic; readonly payload: Json }
  | { readonly kind: 'stop' };

/** What a child says to its parent. */
export type FromChild =
  | BusMessage
  /** It serves; `banner` is what the operator is shown at start. */
  | { readonly kind: 'ready'; readonly banner: JsonObject }
  /** It could not start: an operating error, told to the operator. */
  | { readonly kind: 'failed'; readonly message: string };

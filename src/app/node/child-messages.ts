import type { BusTopic } from '../../core/bus.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Config } from '../config/config.ts';

/** What the supervisor says to a child. */
export type ToChild =
  | { readonly kind: 'start'; readonly config: Config }
  | { readonly kind: 'publish'; readonly topic: BusTopic; readonly payload: Json }
  | { readonly kind: 'stop' };

/** What a child says to the supervisor. */
export type FromChild =
  | { readonly kind: 'publish'; readonly topic: BusTopic; readonly payload: Json }
  /** It serves; `banner` is what the operator is shown at start. */
  | { readonly kind: 'ready'; readonly banner: JsonObject }
  /** It could not start: an operating error, told to the operator. */
  | { readonly kind: 'failed'; readonly message: string };

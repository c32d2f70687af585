import type { JsonObject } from './json.ts';

/** What the server itself sends to a source, as a batch of the Tracking API: by way of ingest, into `accepted`. */
export interface Emission {
  /** Id of the source. */
  readonly source: string;
  /** Each with its type and a messageId that is derived from its cause: one that is given twice is admitted once. */
  readonly items: readonly JsonObject[];
  /** It has come by a test key. */
  readonly test?: true;
}

/** `refused`: there is no such source. Items that are no events are discards like those of clients. `failed`: to be tried again. */
export type EmissionOutcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string };

/** Resolves once what was given is durable. Never rejects. */
export type Emit = (emission: Emission) => Promise<EmissionOutcome>;

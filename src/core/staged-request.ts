import type { FunctionRequest } from './functions.ts';
import type { JsonObject } from './json.ts';

/**
 * A request to a source function on its way to it: durable in `accepted` before it is answered, then in `staged` until
 * what the function made of it is durable too. It stands there as an event of a source of its own.
 */
export interface StagedRequest extends JsonObject {
  readonly type: 'track';
  /** Random; what the function sends gets ids that are derived from it. */
  readonly messageId: string;
  /** receivedAt, ISO 8601. */
  readonly receivedAt: string;
  readonly request: FunctionRequest & JsonObject;
}

export function parseStagedRequest(text: string): StagedRequest {
  return JSON.parse(text) as StagedRequest;
}

const prefix = 'fn.';

/** Where the requests to the function of a source stand in `staged`. */
export function stagedSource(source: string): string {
  return prefix + source;
}

/** The source itself. */
export function sourceOfStaged(staged: string): string {
  return staged.startsWith(prefix) ? staged.slice(prefix.length) : staged;
}

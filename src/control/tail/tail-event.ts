import { maskWriteKeys } from '../access/mask-write-keys.ts';

/** What a viewer is shown, by name of the server-sent event. */
export const tailKinds = ['accepted', 'refused', 'discarded', 'delivered', 'retrying'] as const;
export type TailKind = (typeof tailKinds)[number];

/** Where the events of one source go. */
export interface TailSink {
  /** False when no event of this kind can be shown for the rest of the second. */
  hasRoom(kind: TailKind): boolean;
  /** True when one more event of this kind may be shown now; it then counts. */
  take(kind: TailKind): boolean;
  /** Shows an event for which `take` said true. `data` is one line of JSON. */
  show(kind: TailKind, data: string): void;
  /** Events that were not shown. */
  skip(count: number): void;
}

/** Characters of a payload that are shown; a longer one is left out, so that a viewer's buffer stays small. */
const payloadLength = 64 * 1_024;

/**
 * One event as a line of JSON: `facts` and the payload's own text, its write keys masked. JSON allows
 * line breaks only between its parts, so they can become spaces without parsing it.
 */
export function eventData(facts: Readonly<Record<string, unknown>>, payload: string): string {
  const head = JSON.stringify(facts).slice(0, -1);
  if (payload === '') return `${head}}`;
  if (payload.length > payloadLength) return `${head},"payloadOmitted":${payload.length}}`;
  return `${head},"payload":${maskWriteKeys(payload).replaceAll(/[\r\n]/g, ' ')}}`;
}

import type { Guest, GuestOptions } from './guest.ts';

/** `Segment` of source functions: gathers what becomes events once the invocation has succeeded. */
export function installSegment(guest: Guest, options: GuestOptions): void {
  if (options.kind !== 'source') return;
  const { record } = guest;
  const segment: Record<string, unknown> = {};
  for (const type of ['identify', 'track', 'page', 'screen', 'group', 'alias', 'set']) {
    segment[type] = (payload: unknown): void => {
      if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) {
        throw new TypeError(`Segment.${type} takes an object`);
      }
      // As it is now: code may go on to change the object.
      record.emitted.push({ type, payload: JSON.parse(JSON.stringify(payload)) });
    };
  }
  guest.define('Segment', segment);
}

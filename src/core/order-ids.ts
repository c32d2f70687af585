import { createHash } from 'node:crypto';
import type { Json, JsonObject } from './json.ts';
import type { EventMeta } from './records.ts';

/** Characters of an id that stand in the meta as they are. */
const idLength = 256;

/** The ids that order delivery, as the meta of an event has them. Null and the empty text are no ids. */
export function orderIdsOf(event: JsonObject): Pick<EventMeta, 'u' | 'a' | 'p'> {
  const u = orderId(event['userId']);
  const a = orderId(event['anonymousId']);
  const p = orderId(event['previousId']);
  return {
    ...(u !== undefined && { u }),
    ...(a !== undefined && { a }),
    ...(p !== undefined && { p }),
  };
}

/** A long id orders as well by its digest, and the meta stays small. */
function orderId(id: Json | undefined): string | undefined {
  if (typeof id !== 'string' || id === '') return undefined;
  return id.length <= idLength ? id : createHash('sha256').update(id, 'utf16le').digest('hex');
}

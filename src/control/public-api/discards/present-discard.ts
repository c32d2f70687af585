import type { Kysely } from 'kysely';
import type { Json } from '../../../core/json.ts';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { maskWriteKeys } from '../../access/mask-write-keys.ts';
import { readResent } from '../../discards/resent-discards.ts';
import type { FoundDiscard } from '../../discards/scan-discards.ts';
import type { Static } from '../../schemas/type.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { Discard } from '../models/discard.ts';

/** Discards as the API shows them, and which of them were sent again. */
export async function presentDiscards(
  db: Kysely<ControlTables>,
  found: readonly FoundDiscard[],
): Promise<Static<typeof Discard>[]> {
  const resent = await readResent(
    db,
    found.map(({ meta }) => meta.id),
  );
  return found.map((discard) => present(discard, resent.get(discard.meta.id)));
}

function present(
  { source, meta, body }: FoundDiscard,
  resentAt: number | undefined,
): Static<typeof Discard> {
  const { id, stage, code, message, field, messageId, type, event, attempts, count } = meta;
  return {
    id,
    sourceId: source,
    stage,
    code,
    message,
    at: isoTime(meta.t),
    ...(field !== undefined && { field }),
    ...(messageId !== undefined && { messageId }),
    ...(type !== undefined && { type }),
    ...(event !== undefined && { event }),
    ...(meta.destination !== undefined && { destinationId: meta.destination }),
    ...(attempts !== undefined && { attempts }),
    ...(count !== undefined && { count }),
    ...(resentAt !== undefined && { resentAt: isoTime(resentAt) }),
    ...(body !== '' && { payload: payloadOf(maskWriteKeys(body)) }),
  };
}

function payloadOf(body: string): Json {
  try {
    return JSON.parse(body);
  } catch {
    // What was refused need not be JSON; it is shown as it came.
    return body;
  }
}

import type { Kysely, Selectable } from 'kysely';
import { TributaryError } from '../../../core/errors.ts';
import type { ControlTables, WriteKeyTable } from '../../../core/tables/control-tables.ts';
import type { Static } from '../../schemas/type.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { WriteKey } from '../models/write-key.ts';

type WriteKeyRow = Selectable<WriteKeyTable>;

/** The row of a key of the source. Rejects with `not_found`. */
export async function findWriteKey(
  db: Kysely<ControlTables>,
  sourceId: string,
  writeKey: string,
): Promise<WriteKeyRow> {
  const row = await db
    .selectFrom('write_key')
    .selectAll()
    .where('source_id', '=', sourceId)
    .where('write_key', '=', writeKey)
    .executeTakeFirst();
  if (row === undefined) {
    throw new TributaryError('not_found', `The source has no write key '${writeKey}'.`);
  }
  return row;
}

/** Throws `conflict` when any source has this key: it would not tell whose events they are. */
export async function refuseTakenKey(db: Kysely<ControlTables>, writeKey: string): Promise<void> {
  const row = await db
    .selectFrom('write_key')
    .select('source_id')
    .where('write_key', '=', writeKey)
    .executeTakeFirst();
  if (row === undefined) return;
  throw new TributaryError('conflict', 'A source has this write key already.', {
    field: 'writeKey',
  });
}

export function presentWriteKey(row: WriteKeyRow, now: number): Static<typeof WriteKey> {
  return {
    writeKey: row.write_key,
    mode: row.mode === 'test' ? 'test' : 'live',
    name: row.name,
    createdAt: isoTime(Number(row.created_at)),
    expiresAt: row.expires_at === null ? null : isoTime(Number(row.expires_at)),
    expired: row.expires_at !== null && Number(row.expires_at) <= now,
    lastUsedAt: row.last_used_at === null ? null : isoTime(Number(row.last_used_at)),
  };
}

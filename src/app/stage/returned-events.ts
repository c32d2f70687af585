import type { LogReader } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import { type EventMeta, recordKinds } from '../../core/records.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';

/** Commits of cursors lag behind what was returned by no more than this, ms. */
const marginMs = 10_000;

/**
 * Events that came back from the insert function of their source after the cursors were last committed: they stand in
 * `events`, and a run that begins at the cursors would return them again. Returns `wasReturned`.
 */
export async function returnedEvents(
  events: LogReader,
  store: StateStore<WorkTables>,
  partition: number,
): Promise<(source: string, messageId: string) => boolean> {
  const { committed } = await store.db
    .selectFrom('cursor')
    .select(({ fn }) => fn.max('updated_at').as('committed'))
    .where('partition', '=', partition)
    .executeTakeFirstOrThrow();
  const returned = new Set<string>();
  if (committed === null) return () => false;
  let position = await events.offsetAt(Number(committed) - marginMs);
  for (;;) {
    const { records, next } = await events.read(position, { maxBytes: limits.logReadBytes });
    for (const { kind, source, meta } of records) {
      if (kind !== recordKinds.event) continue;
      const { id, staged } = JSON.parse(meta) as EventMeta;
      if (staged === true) returned.add(`${source} ${id}`);
    }
    if (next === position) break;
    position = next;
  }
  return (source, messageId) => returned.has(`${source} ${messageId}`);
}

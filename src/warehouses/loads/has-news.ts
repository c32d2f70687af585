import type { LogReader, Offset } from '../../core/event-log.ts';
import { recordKinds } from '../../core/records.ts';

const readBytes = 1024 * 1024;

/** Whether the log has events or objects of one of the sources from an offset on; and up to where there are none. */
export async function hasNews(
  reader: LogReader,
  from: Offset,
  sources: ReadonlySet<string>,
): Promise<{ readonly isNew: boolean; readonly upTo: Offset }> {
  const end = await reader.end();
  // A log that ends earlier is another one than was read.
  let position = Math.max(from > end ? 0 : from, await reader.start());
  while (position < end) {
    const { records, next } = await reader.read(position, { maxBytes: readBytes });
    const found = records.some(
      ({ kind, source }) =>
        (kind === recordKinds.event || kind === recordKinds.object) && sources.has(source),
    );
    if (found) return { isNew: true, upTo: position };
    if (next === position) break;
    position = next;
  }
  return { isNew: false, upTo: position };
}

import { limits } from '../../../core/limits.ts';
import type { ReadContext } from '../../context.ts';
import { type DiscardFilter, newestDiscards, scanDiscards } from '../../discards/scan-discards.ts';
import { Type } from '../../schemas/type.ts';
import type { EventStream } from '../frame/event-stream.ts';
import { streamOperation } from '../frame/operation.ts';
import { discardFilterFields, readFilter } from './discard-filter.ts';
import { presentDiscards } from './present-discard.ts';

/** All that match, a JSON line each, as the list shows them: newest first, up to the moment of the request. */
export const exportDiscards = streamOperation({
  operationId: 'exportDiscards',
  method: 'GET',
  path: '/discards/export',
  tag: 'Tributary',
  summary: 'All discards of a filter as NDJSON, newest first',
  permission: 'read',
  on: { source: 'sourceId' },
  contentType: 'application/x-ndjson',
  query: Type.Object(discardFilterFields),
  handle: async (context, { query }) => {
    const filter = readFilter(query);
    return (stream) => {
      writeAll(context, filter, stream).then(
        () => stream.end(),
        (error: unknown) => {
          context.environment.logger.error({ err: error }, 'an export of discards broke off');
          // Not an ordinary end: the client must not take what it has for all.
          stream.destroy();
        },
      );
    };
  },
});

async function writeAll(
  { db, environment }: ReadContext,
  filter: DiscardFilter,
  stream: EventStream,
): Promise<void> {
  const now = environment.clock.now();
  let isOpen = true;
  let wake: () => void = () => undefined;
  stream.onClose(() => {
    isOpen = false;
    wake();
  });
  stream.onDrain(() => wake());
  for (
    let at: ReturnType<typeof newestDiscards> | undefined = newestDiscards(now);
    at && isOpen;
  ) {
    const page = await scanDiscards(environment.logs, filter, at, limits.pageCountMost, now);
    const lines = (await presentDiscards(db, page.found)).map((one) => `${JSON.stringify(one)}\n`);
    if (isOpen && !stream.write(lines.join(''))) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    at = page.next;
  }
}

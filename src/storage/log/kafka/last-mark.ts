import type { Clock } from '../../../core/clock.ts';
import type { Offset } from '../../../core/event-log.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { PartitionFetcher } from './partition-fetcher.ts';
import { markOf, type Place } from './record-format.ts';

/** More than any batch needs is not fetched to look at one record. */
const maxBytes = 64 * 1024;

/** The mark of the last commit of a partition, 0 where there is none: from the end back to the first that has one. */
export async function lastMark(cluster: KafkaCluster, place: Place, clock: Clock): Promise<Offset> {
  const fetcher = new PartitionFetcher(cluster, place, clock);
  try {
    let [start, at] = await cluster.bounds(place);
    while (at > start) {
      const { batches, logStart } = await fetcher.fetch({
        offset: at - 1n,
        maxBytes,
        maxWaitMs: 0,
      });
      const batch = batches[0];
      if (batch === undefined) return 0;
      const last = batch.records.at(-1);
      const mark = last && markOf(last);
      if (mark !== undefined) return mark;
      at = batch.firstOffset;
      start = logStart;
    }
    return 0;
  } finally {
    await fetcher.close();
  }
}

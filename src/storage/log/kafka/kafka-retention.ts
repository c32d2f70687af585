import type { RecordsBatch } from '@platformatic/kafka';
import type { Clock } from '../../../core/clock.ts';
import type { Offset } from '../../../core/event-log.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { PartitionFetcher } from './partition-fetcher.ts';
import { type Place, toKafka, toOffset, toRecord } from './record-format.ts';

/** Places of a log at which the size of its records is looked at. */
const samples = 12;
const sampleBytes = 16 * 1024;

/** Bytes kept, and the time of the oldest commit. */
export interface KafkaUsage {
  readonly bytes: number;
  readonly oldest: number | undefined;
}

/**
 * Deletion from the beginning of one partition. Kafka deletes to the record, and frees the disk by whole segments, so what
 * the disk holds says nothing of what is kept: the size is that of the records, estimated from samples.
 */
export class KafkaRetention {
  readonly #cluster: KafkaCluster;
  readonly #place: Place;
  readonly #clock: Clock;

  constructor(cluster: KafkaCluster, place: Place, clock: Clock) {
    this.#cluster = cluster;
    this.#place = place;
    this.#clock = clock;
  }

  /** Where a trim would end: at most at the last record, which carries the mark. */
  async startAfterTrim(before: Offset): Promise<Offset> {
    const [start, end] = await this.#cluster.bounds(this.#place);
    const last = end > start ? end - 1n : start;
    const wanted = toKafka(before);
    const limited = wanted < last ? wanted : last;
    return toOffset(limited > start ? limited : start);
  }

  async trim(before: Offset): Promise<Offset> {
    const offset = await this.startAfterTrim(before);
    const { topic, partition } = this.#place;
    const partitions = [{ partition, offset: toKafka(offset) }];
    await this.#cluster.admin.deleteRecords({ topics: [{ name: topic, partitions }] });
    return offset;
  }

  async usage(): Promise<KafkaUsage> {
    const [start, end] = await this.#cluster.bounds(this.#place);
    if (start >= end) return { bytes: 0, oldest: undefined };
    const { bytesPerOffset, oldest } = await this.#sample(start, end);
    return { bytes: Math.round(bytesPerOffset * Number(end - start)), oldest };
  }

  async offsetKeeping(bytes: number): Promise<Offset> {
    const [start, end] = await this.#cluster.bounds(this.#place);
    if (start >= end) return toOffset(start);
    const { bytesPerOffset } = await this.#sample(start, end);
    const kept = BigInt(Math.floor(bytes / bytesPerOffset));
    return toOffset(end - kept > start ? end - kept : start);
  }

  /** Looks at batches all over the log. */
  async #sample(
    start: bigint,
    end: bigint,
  ): Promise<{ readonly bytesPerOffset: number; readonly oldest: number | undefined }> {
    const fetcher = new PartitionFetcher(this.#cluster, this.#place, this.#clock);
    const step = (end - start) / BigInt(samples) || 1n;
    let bytes = 0;
    let offsets = 0;
    let oldest: number | undefined;
    try {
      for (let offset = start; offset < end; offset += step) {
        const request = { offset, maxBytes: sampleBytes, maxWaitMs: 0 };
        const { batches } = await fetcher.fetch(request);
        for (const batch of batches) {
          bytes += batch.length;
          offsets += batch.lastOffsetDelta + 1;
        }
        oldest ??= oldestOf(batches, offset);
      }
    } finally {
      await fetcher.close();
    }
    return { bytesPerOffset: Math.max(1, bytes / Math.max(1, offsets)), oldest };
  }
}

/** When the first record of the pipeline at or behind an offset was written, ms since the epoch. */
function oldestOf(batches: readonly RecordsBatch[], from: bigint): number | undefined {
  for (const batch of batches) {
    for (const record of batch.records) {
      if (batch.firstOffset + BigInt(record.offsetDelta) < from) continue;
      if (toRecord(batch, record) === undefined) continue;
      return Number(batch.firstTimestamp + record.timestampDelta);
    }
  }
  return undefined;
}

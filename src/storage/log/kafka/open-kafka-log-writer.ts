import type { Clock } from '../../../core/clock.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { Offset } from '../../../core/event-log.ts';
import { BatchProducer } from './batch-producer.ts';
import type { KafkaCluster } from './kafka-cluster.ts';
import { KafkaLogWriter } from './kafka-log-writer.ts';
import { lastMark } from './last-mark.ts';
import { bareMessage, type Place, toOffset, withMark } from './record-format.ts';
import { endOfTries, tryAgain } from './try-again.ts';

export interface OpenKafkaLogWriterOptions {
  readonly cluster: KafkaCluster;
  readonly place: Place;
  readonly clock: Clock;
  /** Name of the producer where it is the partition's only writer; undefined where many write, as to `accepted`. */
  readonly name: string | undefined;
  readonly floor: Offset;
  readonly onCommit: () => void;
  readonly onFlush: (durationMs: number, bytes: number, units: number) => void;
  readonly onClose: () => void;
}

/** How long the brokers may be away when a writer opens, ms. */
const openMs = 60_000;
/** How long a client waits for its request to be durable, brokers away included, ms. */
const sharedMs = 8_000;

/**
 * Opens a partition for writing. Its only writer says so in the log first: from then on nothing of an earlier one, which
 * may only be paused, gets in, and what stands before is final. Rejects with `log_corrupt` when the log
 * ends before `floor`: then it has lost what others have read.
 */
export async function openKafkaLogWriter(
  options: OpenKafkaLogWriterOptions,
): Promise<KafkaLogWriter> {
  const { cluster, place, clock, name, floor } = options;
  const aborting = endOfTries();
  const producer = new BatchProducer({ cluster, place, clock, name, signal: aborting.signal });
  try {
    await producer.begin(openMs);
    const found =
      name === undefined
        ? { end: await endOf(options, aborting.signal), mark: 0 }
        : await claim(options, producer);
    if (found.end < floor) throw lost(place, found.end, floor);
    return new KafkaLogWriter({
      ...options,
      ...found,
      producer,
      mostMs: name === undefined ? sharedMs : Number.POSITIVE_INFINITY,
      abort: () => aborting.abort(),
    });
  } catch (error) {
    aborting.abort();
    await producer.close();
    throw error;
  }
}

async function endOf(
  { cluster, place, clock }: OpenKafkaLogWriterOptions,
  signal: AbortSignal,
): Promise<Offset> {
  const patience = { clock, signal, mostMs: openMs };
  const [, end] = await tryAgain('asking for the end', patience, () => cluster.bounds(place));
  return toOffset(end);
}

/** Becomes the only writer, and repeats the last mark so that the last record carries it. */
async function claim(
  { cluster, place, clock }: OpenKafkaLogWriterOptions,
  producer: BatchProducer,
): Promise<{ end: Offset; mark: Offset }> {
  const time = BigInt(clock.now());
  const claimed = await producer.write([bareMessage(place, time)], openMs);
  const mark = await lastMark(cluster, place, clock);
  if (mark === 0) return { end: toOffset(claimed) + 1, mark };
  const repeated = await producer.write([withMark(bareMessage(place, time), mark)], openMs);
  return { end: toOffset(repeated) + 1, mark };
}

function lost(place: Place, end: Offset, floor: Offset): TributaryError {
  const message = `The topic ${place.topic} ends at ${end} in partition ${place.partition}, but was read up to ${floor}: it was made anew, or lost records`;
  return new TributaryError('log_corrupt', message);
}

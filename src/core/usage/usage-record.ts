import { limits } from '../limits.ts';
import { type Count, CountList, type StoredCount } from './count-list.ts';
import { type StoredTimes, TimeSpread } from './time-spread.ts';

interface StoredRecord {
  readonly counts: readonly StoredCount[];
  /** Absent where nothing was delivered. */
  readonly success?: StoredTimes;
  readonly first?: StoredTimes;
}

/** What is counted of one source, or of one destination, in one stretch of time. */
export class UsageRecord {
  readonly counts = new CountList(limits.countedNames);
  /** From receivedAt to delivered, and to the first attempt. */
  readonly timeToSuccess = new TimeSpread();
  readonly timeToFirstAttempt = new TimeSpread();

  merge(other: UsageRecord): void {
    this.counts.merge(other.counts);
    this.timeToSuccess.merge(other.timeToSuccess.toStored());
    this.timeToFirstAttempt.merge(other.timeToFirstAttempt.toStored());
  }

  /** As the column `counts` of the tables has it. */
  toStored(): StoredRecord {
    const { timeToSuccess, timeToFirstAttempt } = this;
    return {
      counts: this.counts.toStored(),
      ...(timeToSuccess.count > 0 && { success: timeToSuccess.toStored() }),
      ...(timeToFirstAttempt.count > 0 && { first: timeToFirstAttempt.toStored() }),
    };
  }

  /** Adds what `toStored` gave. */
  mergeStored({ counts, success, first }: StoredRecord): void {
    this.counts.merge(counts.map(readCount));
    if (success !== undefined) this.timeToSuccess.merge(success);
    if (first !== undefined) this.timeToFirstAttempt.merge(first);
  }
}

export function formatRecord(record: UsageRecord): string {
  return JSON.stringify(record.toStored());
}

/** Adds what `formatRecord` wrote. */
export function mergeRecordText(record: UsageRecord, text: string): void {
  record.mergeStored(JSON.parse(text) as StoredRecord);
}

/** By the start of the minute. */
export function formatMinutes(minutes: ReadonlyMap<number, UsageRecord>): string {
  return JSON.stringify(Array.from(minutes, ([time, record]) => [time, record.toStored()]));
}

export function parseMinutes(text: string): Map<number, UsageRecord> {
  const minutes = new Map<number, UsageRecord>();
  for (const [time, stored] of readMinutes(text)) {
    const record = new UsageRecord();
    record.mergeStored(stored);
    minutes.set(time, record);
  }
  return minutes;
}

function readMinutes(text: string): [number, StoredRecord][] {
  return JSON.parse(text) as [number, StoredRecord][];
}

function readCount(stored: StoredCount): Count {
  const [outcome, type, name, version, code, count, retries, repeated] = stored;
  return { outcome, type, name, version, code, count, retries, repeated };
}

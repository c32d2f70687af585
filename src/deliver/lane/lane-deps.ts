import type { Clock } from '../../core/clock.ts';
import type { Http } from '../../core/http.ts';
import type { Lease } from '../../core/lease.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import type { Suppressions } from '../../core/suppressions.ts';
import type { DeliverUsage } from '../../core/usage/usage.ts';
import type { DeliverMetrics } from '../deliver-metrics.ts';
import type { EventFeed } from '../events/event-feed.ts';
import type { FailureRecorder } from '../exchanges/failure-recorder.ts';
import type { DeliveryQuotas } from '../limits/delivery-quotas.ts';
import type { ResultWriter } from '../results/result-writer.ts';
import { type RetryTimes, standardRetryTimes } from './retry-schedule.ts';
import type { SickTurns } from './sick-turns.ts';

/** Bounds of a lane; tests shrink them. */
export interface LaneLimits {
  readonly concurrency: number;
  readonly parkedEvents: number;
  readonly windowEvents: number;
  readonly windowBytes: number;
  readonly bugAttempts: number;
  /** Of lanes that send batches. */
  readonly batch: BatchLimits;
  readonly retry: RetryTimes;
}

interface BatchLimits {
  /** Of one batch. */
  readonly events: number;
  readonly length: number;
  readonly lingerMs: number;
  /** Batches in flight. */
  readonly concurrency: number;
  readonly windowEvents: number;
  readonly windowBytes: number;
}

export const standardLaneLimits: LaneLimits = {
  concurrency: limits.laneConcurrency,
  parkedEvents: limits.parkedEvents,
  windowEvents: limits.laneWindowEvents,
  windowBytes: limits.laneWindowBytes,
  bugAttempts: limits.bugAttempts,
  batch: {
    events: limits.sendBatchEvents,
    length: limits.sendBatchLength,
    lingerMs: limits.sendBatchLingerMs,
    concurrency: limits.sendBatchConcurrency,
    windowEvents: limits.sendBatchWindowEvents,
    windowBytes: limits.sendBatchWindowBytes,
  },
  retry: standardRetryTimes,
};

/** What the lanes of one partition share. */
export interface LaneDeps {
  readonly feed: EventFeed;
  /** For replays: the same with what the archive has behind the log, where there is one. */
  readonly archived: EventFeed;
  readonly results: ResultWriter;
  readonly http: Http;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  random(): number;
  readonly logger: Logger;
  readonly metrics: DeliverMetrics;
  readonly usage: DeliverUsage | undefined;
  /** Keeps the last failures of each connection. Absent: nobody does. */
  readonly failures?: Pick<FailureRecorder, 'note' | 'forget'> | undefined;
  readonly limits: LaneLimits;
  /** What users allow of deliveries: shared by the partitions of a process. */
  readonly quotas: DeliveryQuotas;
  readonly sickTurns: SickTurns;
  /** Of the partition: nothing is sent while its time is over. */
  readonly lease: Pick<Lease, 'holds'>;
  readonly suppressions: Suppressions;
  /** True while somebody watches the source. */
  isWatched(source: string): boolean;
  /** The connection was deleted, and its lanes are. */
  gone?: ((connection: string) => Promise<void>) | undefined;
  /** A lane has something to commit. */
  changed(): void;
}

import type { LogEngine, LogName, LogWriter, Offset, Recovery } from '../../core/event-log.ts';
import { limits } from '../../core/limits.ts';
import type { Logger } from '../../core/logger.ts';
import { Histogram } from '../../core/prometheus.ts';
import { openLogEngine } from '../../storage/open-log-engine.ts';
import type { NodeContext } from '../node/node-context.ts';
import { throttledWake } from '../node/throttled-wake.ts';

/** The log engine of this process, with its flushes measured. */
export function openLogs(context: NodeContext): Promise<LogEngine> {
  const { config, clock, logger, registry, processName } = context;
  const seconds = new Histogram({
    name: 'tributary_log_flush_seconds',
    help: 'Time to write and flush one commit.',
    labelNames: ['process'],
    buckets: [0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1],
    registers: [registry],
  });
  const labels = seconds.labels({ process: processName });
  const bytes = config.reserveMegabytes * 1024 * 1024;
  return openLogEngine(config.log, {
    clock,
    logger,
    room: { ratio: bytes === 0 ? 0 : limits.diskReserveRatio, bytes },
    onFlush: (durationMs) => labels.observe(durationMs / 1000),
  });
}

export interface PartitionWriterOptions extends Pick<NodeContext, 'bus' | 'clock' | 'logger'> {
  readonly engine: LogEngine;
  readonly partition: number;
  watched(): ReadonlySet<string>;
}

/** Opens a log of which a partition has one writer. Its commits wake the live tail while it watches a source. */
export async function openPartitionWriter(
  { engine, partition, bus, clock, logger, watched }: PartitionWriterOptions,
  log: LogName,
  floor: Offset = 0,
): Promise<LogWriter> {
  const wake = throttledWake(bus, clock, log);
  const onCommit = () => {
    if (watched().size > 0) wake();
  };
  const opened = await engine.openWriter(log, partition, { floor, onCommit });
  reportRecovery(logger, log, opened.recovery);
  return opened.writer;
}

/** Says what a writer found when it opened: nothing is cut or skipped silently. */
export function reportRecovery(logger: Logger, log: LogName, recovery: Recovery): void {
  if (recovery.cutBytes > 0) {
    logger.warn(
      { log, bytes: recovery.cutBytes },
      'cut an unfinished commit off the end of the log',
    );
  }
  for (const damaged of recovery.damaged) {
    logger.error({ log, ...damaged }, 'a range of the log is damaged and was skipped');
  }
}

import type { Clock } from '../core/clock.ts';
import { TributaryError } from '../core/errors.ts';
import type { LogEngine } from '../core/event-log.ts';
import type { Logger } from '../core/logger.ts';

export interface LogEngineOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Free space to leave: a share of the disk and a least number of bytes. */
  readonly room: { readonly ratio: number; readonly bytes: number };
  /** Called after each commit with its duration, bytes and number of appends. */
  readonly onFlush?: (durationMs: number, bytes: number, units: number) => void;
}

/**
 * The log engine behind the URL of `TRIBUTARY_LOG`, by scheme: `file:<folder>`, `kafka://…` (`parseKafkaUrl`). Engines
 * load on first use.
 */
export async function openLogEngine(url: string, options: LogEngineOptions): Promise<LogEngine> {
  if (url.startsWith('kafka:')) {
    const { openKafkaLogEngine } = await import('./log/kafka/open-kafka-log-engine.ts');
    return openKafkaLogEngine({ url, ...options });
  }
  const scheme = 'file:';
  if (!url.startsWith(scheme)) {
    const message = `TRIBUTARY_LOG: no log engine for "${url.split(':')[0]}:"; file: and kafka: are known`;
    throw new TributaryError('config_invalid', message);
  }
  const { openFileLogEngine } = await import('./log/file/open-file-log-engine.ts');
  const { onFlush, ...rest } = options;
  return openFileLogEngine({
    dir: url.slice(scheme.length),
    ...rest,
    ...(onFlush ? { metrics: { onFlush } } : {}),
  });
}

import { pino } from 'pino';
import type { Bus } from '../../core/bus.ts';
import { type Clock, systemClock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import { Registry } from '../../core/prometheus.ts';
import type { Config } from '../config/config.ts';
import { registerProcessMetrics } from './process-metrics.ts';
import type { ProcessName } from './process-name.ts';

/** What every part of one process shares. */
export interface NodeContext {
  readonly processName: ProcessName;
  readonly config: Config;
  readonly bus: Bus;
  readonly logger: Logger;
  /** This process's metrics; `/metrics` merges those of all processes. */
  readonly registry: Registry;
  readonly clock: Clock;
}

export function createNodeContext(processName: ProcessName, config: Config, bus: Bus): NodeContext {
  const logger = pino({ level: config.logLevel, base: { process: processName } });
  const registry = new Registry();
  registerProcessMetrics(registry, processName);
  return { processName, config, bus, logger, registry, clock: systemClock };
}

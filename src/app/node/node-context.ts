import type { Bus } from '../../core/bus.ts';
import type { Clock } from '../../core/clock.ts';
import type { Logger } from '../../core/logger.ts';
import type { Registry } from '../../core/prometheus.ts';
import type { Config } from '../config/config.ts';
import type { Role } from './role.ts';

/** What every part of one process shares. */
export interface NodeContext {
  readonly role: Role;
  readonly config: Config;
  readonly bus: Bus;
  readonly logger: Logger;
  /** This process's metrics; `/metrics` merges those of all processes. */
  readonly registry: Registry;
  readonly clock: Clock;
}

import type { Clock } from '../../core/clock.ts';
import type { LogEngine, LogName, Membership } from '../../core/event-log.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Lease, Leases } from '../../core/lease.ts';
import type { Logger } from '../../core/logger.ts';
import { OwnedPartition, type PartitionWork } from './owned-partition.ts';

export interface PartitionRoleOptions {
  readonly role: 'process' | 'deliver';
  /** The log whose partitions are divided. */
  readonly log: LogName;
  readonly engine: LogEngine;
  readonly leases: Leases;
  start(partition: number, lease: Lease): Promise<PartitionWork>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * What this node does in a role: it works on the partitions that the nodes of the role have divided among
 * them. Which those are is a proposal that changes as nodes come and go; a lease says who may work.
 */
export class PartitionRole {
  readonly #options: PartitionRoleOptions;
  readonly #owned = new Map<number, OwnedPartition>();
  /** Partitions that were taken away and have not ended yet. */
  readonly #leaving = new Map<number, Promise<void>>();
  #assigned: ReadonlySet<number> = new Set();
  #membership: Membership | undefined;

  constructor(options: PartitionRoleOptions) {
    this.#options = options;
  }

  /**
   * Joins the nodes of the role. Where the logs are this machine's own it resolves when every partition is worked
   * on, and rejects with what keeps one from it; elsewhere it does not wait: another node may hold them for a while.
   */
  async begin(): Promise<void> {
    const { engine, role, log } = this.#options;
    this.#membership = await engine.join(role, log, (partitions) => this.#assign(partitions));
    if (engine.outlivesNode) return;
    await Promise.all([...this.#owned.values()].map(({ started }) => started));
  }

  /** By partition, what its work says of itself. */
  state(): ReadonlyMap<number, JsonObject> {
    const waiting = { state: 'waiting' };
    return new Map([...this.#owned].map(([partition, { state }]) => [partition, state ?? waiting]));
  }

  /** Finishes and gives back everything, then leaves: the others need not wait. */
  async stop(): Promise<void> {
    this.#assign([]);
    await Promise.all(this.#leaving.values());
    await this.#membership?.leave();
  }

  #assign(partitions: readonly number[]): void {
    this.#assigned = new Set(partitions);
    for (const [partition, owned] of this.#owned) {
      if (!this.#assigned.has(partition)) this.#release(partition, owned);
    }
    for (const partition of this.#assigned) this.#own(partition);
  }

  #own(partition: number): void {
    const { role, leases, start, clock, logger } = this.#options;
    if (this.#owned.has(partition) || this.#leaving.has(partition)) return;
    const owned = new OwnedPartition({
      name: `${role}/${partition}`,
      leases,
      start: (lease) => start(partition, lease),
      clock,
      logger,
    });
    this.#owned.set(partition, owned);
  }

  #release(partition: number, owned: OwnedPartition): void {
    this.#owned.delete(partition);
    const left = owned.stop().then(() => {
      this.#leaving.delete(partition);
      // It was given back meanwhile.
      if (this.#assigned.has(partition)) this.#own(partition);
    });
    this.#leaving.set(partition, left);
  }
}

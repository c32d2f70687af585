import type { Clock } from '../../core/clock.ts';
import { TributaryError } from '../../core/errors.ts';
import type { LogEngine, LogName, Membership } from '../../core/event-log.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Lease, Leases } from '../../core/lease.ts';
import { limits } from '../../core/limits.ts';
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

/** A node of its own that was killed waits for its own lease so long at the most, ms. */
const ownLeaseMs = 3 * limits.leaseMs;
const elsewhere =
  'TRIBUTARY_STATE: another node works with this state store; nodes that share it need a log that they share too: kafka://…';

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
   * on, and rejects with what keeps one from it, `config_invalid` when another node has them; elsewhere it does not
   * wait: another node may hold them for a while.
   */
  async begin(): Promise<void> {
    const { engine, role, log, clock } = this.#options;
    this.#membership = await engine.join(role, log, (partitions) => this.#assign(partitions));
    if (engine.outlivesNode) return;
    const ended = new AbortController();
    const started = Promise.all([...this.#owned.values()].map((owned) => owned.started));
    const late = clock.sleep(ownLeaseMs, ended.signal).then(() => {
      if (ended.signal.aborted || ![...this.#owned.values()].some(({ isWaiting }) => isWaiting))
        return started;
      throw new TributaryError('config_invalid', elsewhere);
    });
    try {
      await Promise.race([started, late]);
    } finally {
      ended.abort();
    }
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

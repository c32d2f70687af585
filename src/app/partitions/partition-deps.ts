import type { LogEngine } from '../../core/event-log.ts';
import type { Lease } from '../../core/lease.ts';
import type { Registry } from '../../core/prometheus.ts';
import type { SnapshotHolder } from '../../core/snapshot.ts';
import type { StateStore } from '../../core/state.ts';
import type { Suppressions } from '../../core/suppressions.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import type { NodeContext } from '../node/node-context.ts';

/** What the work of every role on a partition is given. */
export interface PartitionDeps {
  readonly context: NodeContext;
  readonly engine: LogEngine;
  readonly store: StateStore<WorkTables>;
  readonly snapshot: SnapshotHolder;
  readonly suppressions: Suppressions;
  /** The sources somebody watches just now. */
  watched(): ReadonlySet<string>;
  readonly partition: number;
  /** Of this role and partition alone. */
  readonly registry: Registry;
  readonly lease: Lease;
}

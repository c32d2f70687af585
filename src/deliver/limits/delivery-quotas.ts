import type { Clock } from '../../core/clock.ts';
import type { DeliveryLimits } from '../../core/delivery-limits.ts';
import type { ConnectionConfig } from '../../core/snapshot.ts';
import { ConnectionQuota } from './connection-quota.ts';

/** Which of a connection's lanes may send when, for a process: what its partitions share. */
export interface DeliveryQuotas {
  /** The quota of a connection, as its limits stand; undefined where nobody has set any. */
  of(connection: Pick<ConnectionConfig, 'id' | 'deliveryLimits'>): ConnectionQuota | undefined;
  /** The connection is gone. */
  forget(connection: string): void;
  /** A partition is at work here. Returns how to say that it no longer is. */
  join(): () => void;
}

/**
 * The limits of a destination hold for all nodes together: a node has the share of them that its partitions are of all. So it is
 * exact as long as each partition has an owner, and asks no other node; where one node's partitions have little to send, the others
 * do not get its share.
 */
export function createDeliveryQuotas(clock: Clock, partitions: number): DeliveryQuotas {
  const quotas = new Map<string, { quota: ConnectionQuota; limits: DeliveryLimits }>();
  let working = 0;
  const share = () => Math.max(1, working) / partitions;
  const setAll = () => {
    for (const { quota, limits } of quotas.values()) quota.set(limits, share());
  };

  return {
    of({ id, deliveryLimits }) {
      const known = quotas.get(id);
      if (deliveryLimits === undefined) {
        // Who waits by the old limits is let go.
        known?.quota.set({}, 1);
        quotas.delete(id);
        return undefined;
      }
      const quota = known?.quota ?? new ConnectionQuota(clock);
      quotas.set(id, { quota, limits: deliveryLimits });
      quota.set(deliveryLimits, share());
      return quota;
    },
    forget: (connection) => {
      quotas.delete(connection);
    },
    join() {
      working += 1;
      setAll();
      return () => {
        working -= 1;
        setAll();
      };
    },
  };
}

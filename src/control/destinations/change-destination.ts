import type { JsonObject } from '../../core/json.ts';
import type { WriteContext } from '../context.ts';
import { askedOf } from '../functions/instances/instance-settings.ts';
import { type ConnectionMode, storedMode } from './connection-mode.ts';
import { changedSettings } from './destination-settings.ts';
import { type DestinationRow, findDestination, kindOf } from './find-destination.ts';

export interface DestinationChange {
  /** Null or '': none. */
  readonly name?: string | null;
  readonly enabled?: boolean;
  /** Laid over the stored ones: see `mergeSettings`. */
  readonly settings?: JsonObject;
  /** One that fits the kind. */
  readonly connectionMode?: ConnectionMode;
}

/** Changes a destination; what is absent stays. Throws `input_validation` with the field of a setting. */
export async function changeDestination(
  { db, environment, now }: WriteContext,
  row: DestinationRow,
  change: DestinationChange,
): Promise<DestinationRow> {
  const kind = kindOf(environment.catalog, row);
  const wasEnabled = row.enabled === 1;
  const enabled = change.enabled ?? wasEnabled;
  await db
    .updateTable('destination')
    .set({
      name: change.name === undefined ? row.name : change.name || null,
      enabled: enabled ? 1 : 0,
      // What arrived while it was off is not its own.
      since: enabled && !wasEnabled ? now : row.since,
      settings: changedSettings(
        environment,
        kind,
        row,
        change.settings ?? {},
        askedOf(enabled, change.settings),
      ),
      connection_mode:
        change.connectionMode === undefined
          ? row.connection_mode
          : storedMode(change.connectionMode),
      updated_at: now,
    })
    .where('id', '=', row.id)
    .execute();
  return findDestination(db, row.id);
}

/** The type that the audit trail has for it. */
export function destinationChangeType(row: DestinationRow, change: DestinationChange): string {
  if (change.enabled === undefined || change.enabled === (row.enabled === 1)) {
    return 'Integration Modified';
  }
  return change.enabled ? 'Integration Enabled' : 'Integration Disabled';
}

import type { JsonObject } from '../../../core/json.ts';
import type { WriteContext } from '../../context.ts';
import type { FunctionRow } from '../find-function.ts';
import { findInstance, type InstanceRow } from './find-instance.ts';
import { askedOf, changedInstanceSettings } from './instance-settings.ts';
import { refuseSecond } from './refuse-second.ts';

export interface InstanceChange {
  readonly name?: string;
  readonly enabled?: boolean;
  /** Laid over the stored ones: see `changedInstanceSettings`. */
  readonly settings: JsonObject;
}

/** Changes an instance; what is absent stays. Throws `input_validation` with the field of a setting, and `conflict` where another one is on. */
export async function changeInstance(
  { db, environment, now }: WriteContext,
  of: FunctionRow,
  row: InstanceRow,
  change: InstanceChange,
): Promise<InstanceRow> {
  const isOn = change.enabled ?? row.enabled === 1;
  const place = { sourceId: row.source_id, destinationId: row.destination_id };
  if (isOn && row.enabled !== 1) await refuseSecond(db, row.id, place);
  const settings = changedInstanceSettings(
    environment.secrets,
    row.id,
    JSON.parse(of.settings),
    JSON.parse(row.settings),
    change.settings,
    askedOf(isOn, change.settings),
  );
  await db
    .updateTable('function_instance')
    .set({
      name: change.name ?? row.name,
      enabled: isOn ? 1 : 0,
      settings: JSON.stringify(settings),
      updated_at: now,
    })
    .where('id', '=', row.id)
    .execute();
  return findInstance(db, row.id);
}

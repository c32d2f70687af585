import type { Environment } from '../../environment.ts';
import type { FunctionRow } from '../../functions/find-function.ts';
import { classOf } from '../../functions/function-type.ts';
import type { InstanceRow } from '../../functions/instances/find-instance.ts';
import { shownInstanceSettings } from '../../functions/instances/instance-settings.ts';
import type { Static } from '../../schemas/type.ts';
import { isoTime } from '../frame/iso-time.ts';
import type { FunctionInstance } from '../models/function.ts';

export function presentInstance(
  { secrets }: Pick<Environment, 'secrets'>,
  of: FunctionRow,
  row: InstanceRow,
): Static<typeof FunctionInstance> {
  return {
    id: row.id,
    name: row.name,
    integrationId: row.source_id ?? row.destination_id ?? '',
    classId: classOf(of.id),
    enabled: row.enabled === 1,
    createdAt: isoTime(row.created_at),
    updatedAt: isoTime(row.updated_at),
    ...shownInstanceSettings(secrets, row.id, JSON.parse(of.settings), JSON.parse(row.settings)),
  };
}

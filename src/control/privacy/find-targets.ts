import type { Insertable } from 'kysely';
import { isDeviceDestination } from '../../core/device-mode.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { WriteContext } from '../context.ts';
import { withWorkspaceKinds } from '../with-workspace-kinds.ts';

type Target = Omit<Insertable<ControlTables['regulation_target']>, 'regulation_id' | 'position'>;

/**
 * The destinations and warehouses that a regulation concerns: those of the source, or of all with null, as they are now. What
 * cannot be told is among them, with the reason.
 */
export async function findTargets(
  { db, environment }: Pick<WriteContext, 'db' | 'environment'>,
  sourceId: string | null,
): Promise<Target[]> {
  const { catalog } = await withWorkspaceKinds({ ...environment, db });
  let destinations = db.selectFrom('destination').selectAll();
  let warehouses = db
    .selectFrom('warehouse_source as connected')
    .innerJoin('warehouse', 'warehouse.id', 'connected.warehouse_id')
    .select(['warehouse.id', 'warehouse.name', 'enabled', 'metadata_id', 'connected.source_id']);
  if (sourceId !== null) {
    destinations = destinations.where('source_id', '=', sourceId);
    warehouses = warehouses.where('connected.source_id', '=', sourceId);
  }
  const found: Target[] = [];
  for (const row of await destinations.orderBy('position').execute()) {
    const kind = catalog.destination(row.metadata_id);
    const { id, source_id, enabled } = row;
    const obstacle =
      kind === undefined
        ? 'This server does not know this kind of destination.'
        : isDeviceDestination(kind)
          ? 'It is delivered to in the browser: deletions cannot be passed on to it from here.'
          : whenOff('destination', enabled);
    const name = row.name ?? kind?.name ?? id;
    found.push({ kind: 'destination', target_id: id, source_id, name, obstacle });
  }
  const connected = warehouses.orderBy('warehouse.position').orderBy('connected.position');
  for (const row of await connected.execute()) {
    const { id, source_id, enabled } = row;
    const name = row.name ?? catalog.warehouse(row.metadata_id)?.name ?? id;
    const obstacle = whenOff('warehouse', enabled);
    found.push({ kind: 'warehouse', target_id: id, source_id, name, obstacle });
  }
  return found;
}

function whenOff(what: string, enabled: number): string | null {
  return enabled === 1 ? null : `The ${what} was off when the deletion was asked for.`;
}

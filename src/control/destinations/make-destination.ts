import type { Kysely } from 'kysely';
import { type DeviceDestination, isDeviceDestination } from '../../core/device-mode.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ControlTables } from '../../core/tables/control-tables.ts';
import type { WriteContext } from '../context.ts';
import { newId } from '../ids.ts';
import { InputFailure } from '../input-failure.ts';
import { findSource } from '../sources/find-source.ts';
import { type ConnectionMode, storedMode } from './connection-mode.ts';
import { changedSettings } from './destination-settings.ts';
import { type DestinationRow, findDestination } from './find-destination.ts';
import { replaceBrowserSubscriptions } from './subscriptions/browser-subscriptions.ts';

export interface NewDestination {
  readonly sourceId: string;
  /** Id or slug of its kind. */
  readonly metadataId: string;
  readonly name?: string;
  readonly enabled?: boolean;
  readonly settings?: JsonObject;
  /** One that fits the kind. */
  readonly connectionMode?: ConnectionMode;
}

/** Connects a destination to a source. Throws `not_found` and `input_validation`, with the field. */
export async function makeDestination(
  { db, environment, revision, now }: WriteContext,
  given: NewDestination,
): Promise<DestinationRow> {
  const kind = environment.catalog.destination(given.metadataId);
  if (kind === undefined) {
    const message = '"metadataId" is not in the catalog of destinations';
    throw new InputFailure([{ field: 'metadataId', message }]);
  }
  const source = await findSource(db, given.sourceId);
  if (isDeviceDestination(kind)) await refuseSecond(db, source.id, kind);
  const id = newId(environment.random);
  await db
    .insertInto('destination')
    .values({
      id,
      source_id: source.id,
      position: revision,
      metadata_id: kind.id,
      name: given.name ?? null,
      enabled: given.enabled === false ? 0 : 1,
      settings: changedSettings(
        environment,
        kind,
        { id, settings: '{}' },
        given.settings ?? {},
        'all',
      ),
      since: now,
      connection_mode: storedMode(given.connectionMode),
      created_at: now,
    })
    .execute();
  if (isDeviceDestination(kind)) {
    await replaceBrowserSubscriptions(db, environment, { id }, kind, kind.presets);
  }
  return findDestination(db, id);
}

/** analytics.js knows plugins by their kind: of two, it would load one. */
async function refuseSecond(
  db: Kysely<ControlTables>,
  sourceId: string,
  { id, name }: DeviceDestination,
): Promise<void> {
  const first = await db
    .selectFrom('destination')
    .select('id')
    .where('source_id', '=', sourceId)
    .where('metadata_id', '=', id)
    .executeTakeFirst();
  if (first === undefined) return;
  const message = `"metadataId": ${name} runs in the browser, and the source has it as '${first.id}'`;
  throw new InputFailure([{ field: 'metadataId', message }]);
}

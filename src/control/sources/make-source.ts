import type { JsonObject } from '../../core/json.ts';
import type { WriteContext } from '../context.ts';
import { newId, newWriteKey } from '../ids.ts';
import { InputFailure } from '../input-failure.ts';
import { connectToAllWarehouses } from '../warehouses/connect-source.ts';
import { findSource, type SourceRow } from './find-source.ts';
import { changedSourceSettings } from './source-settings.ts';
import { refuseTakenSlug } from './source-slug.ts';

export interface NewSource {
  readonly slug: string;
  /** Id or slug of its kind. */
  readonly metadataId: string;
  readonly name?: string;
  readonly enabled?: boolean;
  readonly settings?: JsonObject;
  /** True: it is loaded into no warehouse yet. By default it is into all. */
  readonly disconnectAllWarehouses?: boolean;
}

/** Makes a source with one write key. Throws `input_validation` and `conflict`, each with its field. */
export async function makeSource(context: WriteContext, given: NewSource): Promise<SourceRow> {
  const { db, environment, revision, now } = context;
  const definition = environment.catalog.source(given.metadataId);
  if (definition === undefined) {
    const message = '"metadataId" is not in the catalog of sources';
    throw new InputFailure([{ field: 'metadataId', message }]);
  }
  await refuseTakenSlug(db, given.slug);
  const id = newId(environment.random);
  await db
    .insertInto('source')
    .values({
      id,
      workspace_id: environment.workspace.id,
      position: revision,
      slug: given.slug,
      name: given.name ?? given.slug,
      enabled: given.enabled === false ? 0 : 1,
      metadata_id: definition.id,
      settings: changedSourceSettings(
        environment,
        definition,
        { id, settings: '{}' },
        given.settings ?? {},
        'all',
      ),
      limits: '{}',
      region: environment.region,
      created_at: now,
    })
    .execute();
  await db
    .insertInto('write_key')
    .values({
      write_key: newWriteKey(environment.random, environment.region),
      source_id: id,
      position: revision,
      created_at: now,
    })
    .execute();
  if (given.disconnectAllWarehouses !== true) await connectToAllWarehouses(context, id);
  return findSource(db, id);
}

import type { JsonObject } from '../../core/json.ts';
import type { WriteContext } from '../context.ts';
import { askedOf } from '../functions/instances/instance-settings.ts';
import { findSource, type SourceRow } from './find-source.ts';
import { changedSourceSettings } from './source-settings.ts';
import { refuseTakenSlug } from './source-slug.ts';

export interface SourceChange {
  readonly name?: string;
  readonly enabled?: boolean;
  readonly slug?: string;
  /** Laid over the stored ones; null unsets one, as Segment's Terraform provider has it. */
  readonly settings?: JsonObject;
}

/** Changes a source; what is absent stays. Throws `conflict` for a slug that another one has. */
export async function changeSource(
  { db, environment }: WriteContext,
  row: SourceRow,
  change: SourceChange,
): Promise<SourceRow> {
  if (change.slug !== undefined) await refuseTakenSlug(db, change.slug, row.id);
  const enabled = change.enabled ?? row.enabled === 1;
  const kind = environment.catalog.source(row.metadata_id);
  await db
    .updateTable('source')
    .set({
      name: change.name ?? row.name,
      slug: change.slug ?? row.slug,
      enabled: enabled ? 1 : 0,
      settings: changedSourceSettings(
        environment,
        kind,
        row,
        change.settings ?? {},
        askedOf(enabled, change.settings),
      ),
    })
    .where('id', '=', row.id)
    .execute();
  return findSource(db, row.id);
}

/** The most telling of the types that the audit trail has for it (spec public-api operations). */
export function sourceChangeType(row: SourceRow, change: SourceChange): string {
  if (change.enabled !== undefined && change.enabled !== (row.enabled === 1)) {
    return change.enabled ? 'Source Enabled' : 'Source Disabled';
  }
  return change.settings === undefined ? 'Source Modified' : 'Source Settings Modified';
}

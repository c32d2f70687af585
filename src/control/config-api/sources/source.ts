import assert from 'node:assert/strict';
import type { ClientSettings } from '../../../core/client-settings.ts';
import type { ReadContext } from '../../context.ts';
import { presentSources } from '../../public-api/sources/present-source.ts';
import { type Static, Type } from '../../schemas/type.ts';
import type { SourceRow } from '../../sources/find-source.ts';
import { configTime } from '../frame/config-time.ts';
import { sourceName, workspaceName } from '../frame/resource-name.ts';

export const Source = Type.Object({
  name: Type.String(),
  slug: Type.String(),
  parent: Type.String(),
  display_name: Type.String(),
  catalog_name: Type.String(),
  write_keys: Type.Array(Type.String()),
  library_config: Type.Object({
    metrics_enabled: Type.Boolean(),
    retry_queue: Type.Boolean(),
    cross_domain_id_enabled: Type.Boolean(),
    api_host: Type.String(),
  }),
  labels: Type.Unsafe<Readonly<Record<string, string>>>({
    type: 'object',
    additionalProperties: { type: 'string' },
  }),
  create_time: Type.String(),
});

/** Rows of sources as this API shows them; write keys as the Public API shows them. */
export async function configSources(
  context: ReadContext,
  rows: readonly SourceRow[],
): Promise<Static<typeof Source>[]> {
  const { environment } = context;
  const shown = await presentSources(context, rows);
  return rows.map((row, index) => ({
    name: sourceName(environment, row.slug),
    slug: row.slug,
    parent: workspaceName(environment),
    display_name: row.name,
    catalog_name: `catalog/sources/${shown[index]?.metadata.slug}`,
    write_keys: shown[index]?.writeKeys ?? [],
    library_config: libraryConfig(context, row),
    labels: Object.fromEntries(shown[index]?.labels.map(({ key, value }) => [key, value]) ?? []),
    create_time: configTime(row.created_at),
  }));
}

export async function configSource(
  context: ReadContext,
  row: SourceRow,
): Promise<Static<typeof Source>> {
  const [source] = await configSources(context, [row]);
  assert(source !== undefined, 'each row is shown');
  return source;
}

/** What analytics.js of the source is told, as far as this API has words for it. It has no ids across domains. */
function libraryConfig(
  { request }: ReadContext,
  row: SourceRow,
): Static<typeof Source>['library_config'] {
  const settings: ClientSettings = JSON.parse(row.client_settings);
  const host = request.headers['host'];
  return {
    metrics_enabled: Number(settings.metrics?.['sampleRate'] ?? 0) > 0,
    retry_queue: settings.retryQueue ?? true,
    cross_domain_id_enabled: false,
    api_host: typeof host === 'string' ? `${host}/v1` : '',
  };
}

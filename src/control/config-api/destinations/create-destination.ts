import type { DestinationKind } from '../../../core/destination.ts';
import { TributaryError } from '../../../core/errors.ts';
import type { WriteContext } from '../../context.ts';
import { makeDestination } from '../../destinations/make-destination.ts';
import { InputFailure } from '../../input-failure.ts';
import { presentDestination } from '../../public-api/destinations/present-destination.ts';
import { Type } from '../../schemas/type.ts';
import { configWrite } from '../frame/config-operation.ts';
import { Flag, isOn } from '../frame/flag.ts';
import { inConfigWords } from '../frame/in-config-words.ts';
import { lastPart, sourceName } from '../frame/resource-name.ts';
import { findNamedSource } from '../sources/find-named-source.ts';
import { ConfigInput, configField, settingsOf } from './config-input.ts';
import { connectionModeInput } from './connection-mode-input.ts';
import { configDestination, Destination } from './destination.ts';

export const createDestination = configWrite({
  operationId: 'configCreateDestination',
  method: 'POST',
  path: '/workspaces/{workspace}/sources/{source}/destinations',
  tag: 'Destinations',
  summary: 'Connects a destination to a source, disabled unless `enabled` says otherwise',
  permission: 'write',
  area: 'source',
  audit: { type: 'Integration Created', resourceType: 'destination' },
  body: Type.Object({
    destination: Type.Object({
      /** The full name, or its last part: the slug of the kind. */
      name: Type.String({ minLength: 1 }),
      display_name: Type.Optional(Type.String({ maxLength: 255 })),
      enabled: Type.Optional(Flag),
      connection_mode: Type.Optional(Type.String()),
      config: Type.Optional(ConfigInput),
    }),
  }),
  response: Destination,
  handle: async (context, { params, body: { destination } }) => {
    const { environment } = context;
    const source = await findNamedSource(context.db, params.source);
    const collection = `${sourceName(environment, source.slug)}/destinations`;
    const slug = lastPart(environment, 'destination.name', destination.name, collection);
    const kind = environment.catalog.destination(slug);
    if (kind?.slug !== slug) throw unknownKind(slug);
    await refuseTaken(context, source.id, kind);
    const mode = destination.connection_mode;
    const row = await inConfigWords(configField, () =>
      makeDestination(context, {
        sourceId: source.id,
        metadataId: kind.id,
        ...(destination.display_name && { name: destination.display_name }),
        enabled: isOn(destination.enabled),
        settings: settingsOf(environment, source.slug, destination.config ?? []),
        ...(mode !== undefined && { connectionMode: connectionModeInput(kind, mode) }),
      }),
    );
    const shown = presentDestination(environment, row);
    return {
      data: await configDestination(context, source, row),
      audited: {
        resourceId: row.id,
        resourceName: row.name ?? shown.metadata.name,
        after: { destination: shown },
      },
    };
  },
});

function unknownKind(slug: string): InputFailure {
  const field = 'destination.name';
  const message = `"${field}": ${slug} is not in the catalog of destinations`;
  return new InputFailure([{ field, message }]);
}

/** A name is given once; further destinations of a kind are made with the Public API. */
async function refuseTaken(
  { db }: WriteContext,
  sourceId: string,
  kind: DestinationKind,
): Promise<void> {
  const query = db.selectFrom('destination').select('id').where('source_id', '=', sourceId);
  const first = await query.where('metadata_id', '=', kind.id).executeTakeFirst();
  if (first === undefined) return;
  const text = `A destination '${kind.slug}' exists already on this source.`;
  throw new TributaryError('conflict', text, { field: 'destination.name' });
}

import type { JsonObject } from '../../../core/json.ts';
import {
  changeDestination,
  type DestinationChange,
  destinationChangeType,
} from '../../destinations/change-destination.ts';
import { type DestinationRow, kindOf } from '../../destinations/find-destination.ts';
import type { Environment } from '../../environment.ts';
import { presentDestination } from '../../public-api/destinations/present-destination.ts';
import { Type } from '../../schemas/type.ts';
import type { SourceRow } from '../../sources/find-source.ts';
import { configWrite } from '../frame/config-operation.ts';
import { inConfigWords } from '../frame/in-config-words.ts';
import {
  type Masked,
  maskedFlag,
  maskedList,
  maskedText,
  maskKeys,
  ResourceInput,
  readMasked,
} from '../frame/update-mask.ts';
import { findNamedSource } from '../sources/find-named-source.ts';
import { configField, settingsOf } from './config-input.ts';
import { connectionModeInput } from './connection-mode-input.ts';
import { configDestination, Destination } from './destination.ts';
import { findNamedDestination } from './destination-names.ts';

const key = 'destination';
const fields = ['enabled', 'config', 'connection_mode', 'display_name'] as const;

export const updateDestination = configWrite({
  operationId: 'configUpdateDestination',
  method: 'PATCH',
  path: '/workspaces/{workspace}/sources/{source}/destinations/{destination}',
  tag: 'Destinations',
  summary: 'Changes a destination; settings are merged by name, masked secrets stay',
  permission: 'write',
  area: 'source',
  audit: { type: 'Integration Modified', resourceType: 'destination' },
  body: Type.Object({ destination: ResourceInput, ...maskKeys }),
  response: Destination,
  handle: async (context, { params, body }) => {
    const { environment } = context;
    const source = await findNamedSource(context.db, params.source);
    const row = await findNamedDestination(context, source.id, params.destination);
    const before = presentDestination(environment, row);
    const change = changeOf(environment, source, row, readMasked(body, key, fields));
    const changed =
      Object.keys(change).length === 0
        ? row
        : await inConfigWords(configField, () => changeDestination(context, row, change));
    const after = presentDestination(environment, changed);
    return {
      data: await configDestination(context, source, changed),
      audited: {
        resourceId: row.id,
        resourceName: changed.name ?? after.metadata.name,
        type: destinationChangeType(row, change),
        before: { destination: before },
        after: { destination: after },
      },
    };
  },
});

function changeOf(
  environment: Environment,
  source: SourceRow,
  row: DestinationRow,
  masked: Masked<string>,
): DestinationChange {
  const enabled = maskedFlag(masked, key, 'enabled');
  const name = maskedText(masked, key, 'display_name');
  const mode = maskedText(masked, key, 'connection_mode');
  const config = maskedList(masked, key, 'config');
  return {
    ...(enabled !== undefined && { enabled }),
    ...(name !== undefined && { name }),
    ...(mode !== undefined && {
      connectionMode: connectionModeInput(kindOf(environment.catalog, row), mode),
    }),
    ...(config !== undefined && {
      settings: config.length === 0 ? unset(row) : settingsOf(environment, source.slug, config),
    }),
  };
}

/** Reset, every setting is as the catalogue has it. */
function unset(row: DestinationRow): JsonObject {
  const stored: JsonObject = JSON.parse(row.settings);
  return Object.fromEntries(Object.keys(stored).map((name) => [name, null]));
}

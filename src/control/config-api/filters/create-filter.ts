import { makeFilter } from '../../destinations/filters/make-filter.ts';
import { presentFilter } from '../../public-api/filters/present-filter.ts';
import { Type } from '../../schemas/type.ts';
import { namedDestination } from '../destinations/named-destination.ts';
import { configWrite } from '../frame/config-operation.ts';
import { Flag, isOn } from '../frame/flag.ts';
import { inConfigWords } from '../frame/in-config-words.ts';
import { configFilter, FilterOutput } from './filter.ts';
import { FilterActionsInput, filterField, readActions } from './filter-input.ts';

export const createFilter = configWrite({
  operationId: 'configCreateFilter',
  method: 'POST',
  path: '/workspaces/{workspace}/sources/{source}/destinations/{destination}/filters',
  tag: 'Destination Filters',
  summary: 'Adds a filter to a destination, off unless `enabled` says otherwise',
  permission: 'write',
  area: 'source',
  audit: { type: 'Destination Filter Created', resourceType: 'destination-filter' },
  body: Type.Object({
    filter: Type.Object({
      if: Type.String({ minLength: 1 }),
      actions: FilterActionsInput,
      title: Type.Optional(Type.String({ maxLength: 64 })),
      description: Type.Optional(Type.String({ maxLength: 1_000 })),
      enabled: Type.Optional(Flag),
    }),
  }),
  response: FilterOutput,
  handle: async (context, { params, body: { filter } }) => {
    const { destination, name } = await namedDestination(context, params);
    const row = await inConfigWords(filterField, async () =>
      makeFilter(context, destination, {
        if: filter.if,
        actions: readActions(filter.actions),
        title: filter.title ?? '',
        ...(filter.description && { description: filter.description }),
        enabled: isOn(filter.enabled),
      }),
    );
    return {
      data: configFilter(name, row),
      audited: {
        resourceId: row.id,
        resourceName: row.title,
        after: { filter: presentFilter(destination, row) },
      },
    };
  },
});

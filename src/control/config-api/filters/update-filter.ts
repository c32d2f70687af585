import {
  changeFilter,
  type FilterChange,
  filterChangeType,
} from '../../destinations/filters/change-filter.ts';
import { presentFilter } from '../../public-api/filters/present-filter.ts';
import { Type } from '../../schemas/type.ts';
import { namedDestination } from '../destinations/named-destination.ts';
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
import { configFilter, FilterOutput } from './filter.ts';
import { filterField, readMaskedActions } from './filter-input.ts';
import { findNamedFilter } from './find-named-filter.ts';

const key = 'filter';

export const updateFilter = configWrite({
  operationId: 'configUpdateFilter',
  method: 'PATCH',
  path: '/workspaces/{workspace}/sources/{source}/destinations/{destination}/filters/{filter}',
  tag: 'Destination Filters',
  summary: 'Changes a filter; its actions are replaced as a whole',
  permission: 'write',
  area: 'source',
  audit: { type: 'Destination Filter Modified', resourceType: 'destination-filter' },
  body: Type.Object({ filter: ResourceInput, ...maskKeys }),
  response: FilterOutput,
  handle: async (context, { params, body }) => {
    const place = await namedDestination(context, params);
    const { destination, name } = place;
    const row = await findNamedFilter(context, place, params.filter);
    const fields = ['if', 'actions', 'title', 'description', 'enabled'] as const;
    const change = changeOf(readMasked(body, key, fields));
    const changed = await inConfigWords(filterField, () =>
      changeFilter(context, destination, row, change),
    );
    return {
      data: configFilter(name, changed),
      audited: {
        resourceId: row.id,
        resourceName: changed.title,
        type: filterChangeType(row, change),
        before: { filter: presentFilter(destination, row) },
        after: { filter: presentFilter(destination, changed) },
      },
    };
  },
});

function changeOf(masked: Masked<string>): FilterChange {
  const condition = maskedText(masked, key, 'if');
  const actions = maskedList(masked, key, 'actions');
  const title = maskedText(masked, key, 'title', 64);
  const description = maskedText(masked, key, 'description', 1_000);
  const enabled = maskedFlag(masked, key, 'enabled');
  return {
    ...(condition !== undefined && { if: condition }),
    ...(actions !== undefined && { actions: readMaskedActions(actions) }),
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description: description || null }),
    ...(enabled !== undefined && { enabled }),
  };
}

import { conditionProblem } from '../../conditions/condition-problem.ts';
import { InputFailure } from '../../input-failure.ts';
import { Type } from '../../schemas/type.ts';
import { findSpaceFilter } from '../../space-filters/find-space-filter.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { SpaceFilter, spaceFilterFields } from '../models/space-filter.ts';
import { presentSpaceFilter, spaceFilterNotice } from './present-space-filter.ts';

export const updateFilterById = writeOperation({
  operationId: 'updateFilterById',
  method: 'PATCH',
  path: '/filters/{id}',
  tag: 'Space Filters',
  summary: 'Changes a filter of a space',
  notice: spaceFilterNotice,
  permission: 'write',
  on: { spaceFilter: 'id' },
  tiers: ['v1beta', 'v1alpha'],
  audit: { type: 'Filter Updated', resourceType: 'space-filter' },
  params: Type.Object({ id: Id }),
  body: Type.Object({
    /** Of the space that the filter is in. */
    integrationId: Id,
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    if: Type.Optional(Type.String({ minLength: 1 })),
    ...spaceFilterFields,
  }),
  response: Type.Object({ filter: SpaceFilter }),
  handle: async ({ db, environment, now }, { params, body }) => {
    const row = await findSpaceFilter(db, params.id, body.integrationId);
    const { name = row.name, if: condition = row.condition, description, enabled, drop } = body;
    const problems = conditionProblem('if', condition);
    if (problems.length > 0) throw new InputFailure(problems);
    await db
      .updateTable('space_filter')
      .set({
        ...{ name, condition, updated_at: now },
        ...(description !== undefined && { description }),
        ...(enabled !== undefined && { enabled: enabled ? 1 : 0 }),
        ...(drop !== undefined && { drops: drop ? 1 : 0 }),
      })
      .where('id', '=', row.id)
      .execute();
    return {
      data: { filter: presentSpaceFilter(environment, await findSpaceFilter(db, row.id)) },
      audited: {
        resourceId: row.id,
        resourceName: name,
        before: { filter: presentSpaceFilter(environment, row) },
      },
    };
  },
});

import { conditionProblem } from '../../conditions/condition-problem.ts';
import { newId } from '../../ids.ts';
import { InputFailure } from '../../input-failure.ts';
import { Type } from '../../schemas/type.ts';
import { findSpaceFilter } from '../../space-filters/find-space-filter.ts';
import { findSpace } from '../../spaces/find-space.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { SpaceFilter, spaceFilterFields } from '../models/space-filter.ts';
import { presentSpaceFilter, spaceFilterNotice } from './present-space-filter.ts';

export const createFilterForSpace = writeOperation({
  operationId: 'createFilterForSpace',
  method: 'POST',
  path: '/filters',
  tag: 'Space Filters',
  summary: 'Makes a filter of a space',
  notice: spaceFilterNotice,
  permission: 'write',
  on: { space: 'integrationId' },
  tiers: ['v1beta', 'v1alpha'],
  audit: { type: 'Filter Created', resourceType: 'space-filter' },
  body: Type.Object({
    integrationId: Id,
    name: Type.String({ minLength: 1, maxLength: 255 }),
    if: Type.String({ minLength: 1 }),
    ...spaceFilterFields,
  }),
  response: Type.Object({ filter: SpaceFilter }),
  handle: async ({ db, environment, revision, now }, { body }) => {
    const space = await findSpace(db, body.integrationId);
    const problems = conditionProblem('if', body.if);
    if (problems.length > 0) throw new InputFailure(problems);
    const id = newId(environment.random);
    await db
      .insertInto('space_filter')
      .values({
        ...{ id, space_id: space.id, position: revision, name: body.name, condition: body.if },
        description: body.description ?? null,
        enabled: body.enabled === true ? 1 : 0,
        drops: body.drop === true ? 1 : 0,
        ...{ created_at: now, updated_at: now },
      })
      .execute();
    return {
      data: { filter: presentSpaceFilter(environment, await findSpaceFilter(db, id)) },
      audited: { resourceId: id, resourceName: body.name },
    };
  },
});

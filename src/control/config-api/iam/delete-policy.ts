import { isDeepStrictEqual } from 'node:util';
import { type Grant, parseGrants } from '../../access/grant.ts';
import { presentGrants } from '../../public-api/models/permission.ts';
import { configWrite } from '../frame/config-operation.ts';
import { Nothing, nothing } from '../frame/nothing.ts';
import { findPolicy, type Policy } from './policies.ts';
import { setGrants } from './subjects.ts';

export const deletePolicy = configWrite({
  operationId: 'configDeletePolicy',
  method: 'DELETE',
  path: '/workspaces/{workspace}/roles/{role}/policies/{policy}',
  tag: 'IAM',
  summary: 'Takes a role on one resource from a user or a group',
  permission: 'admin',
  area: 'access',
  audit: { type: 'Policy Deleted', resourceType: 'user' },
  response: Nothing,
  handle: async (context, { params }) => {
    const policy = await findPolicy(context, params.role, params.policy);
    const { subject } = policy;
    const held = parseGrants(subject.row.permissions);
    const grants = held.flatMap((grant) => without(grant, policy));
    await setGrants(context, subject, grants);
    return {
      data: nothing,
      audited: {
        resourceId: subject.row.id,
        resourceName: subject.kind === 'user' ? subject.row.email : subject.row.name,
        before: { permissions: presentGrants(held) },
        after: { permissions: presentGrants(grants) },
      },
    };
  },
});

/** A role on nothing is none. */
function without({ roleId, resources }: Grant, policy: Policy): Grant[] {
  if (roleId !== policy.roleId) return [{ roleId, resources }];
  const left = resources.filter((resource) => !isDeepStrictEqual(resource, policy.resource));
  return left.length === 0 ? [] : [{ roleId, resources: left }];
}

import { TributaryError } from '../../../core/errors.ts';
import { addGrants } from '../../access/add-grants.ts';
import { parseGrants } from '../../access/grant.ts';
import { findRole } from '../../access/roles.ts';
import { presentGrants } from '../../public-api/models/permission.ts';
import { Type } from '../../schemas/type.ts';
import { configWrite } from '../frame/config-operation.ts';
import { inConfigWords } from '../frame/in-config-words.ts';
import { grantedResource } from './iam-names.ts';
import { configPolicy, PolicyOutput, policiesOf } from './policies.ts';
import { setGrants, subjectOf } from './subjects.ts';

export const createPolicy = configWrite({
  operationId: 'configCreatePolicy',
  method: 'POST',
  path: '/workspaces/{workspace}/roles/{role}/policies',
  tag: 'IAM',
  summary: 'Gives a role to a user or a group, on the workspace or on one resource',
  permission: 'admin',
  area: 'access',
  audit: { type: 'Policy Created', resourceType: 'user' },
  body: Type.Object({
    policy: Type.Object({
      resource: Type.String({ minLength: 1 }),
      subject: Type.String({ minLength: 1 }),
    }),
  }),
  response: PolicyOutput,
  handle: async (context, { params, body: { policy } }) => {
    const role = findRole(params.role);
    if (role === undefined) {
      throw new TributaryError('not_found', `Role '${params.role}' not found.`);
    }
    const subject = await subjectOf(context, 'policy.subject', policy.subject);
    const resource = await grantedResource(context, 'policy.resource', policy.resource);
    const grant = { roleId: role.id, resources: [resource] };
    const held = parseGrants(subject.row.permissions);
    const [made] = policiesOf(subject, grant);
    const isHeld = held.some((one) => policiesOf(subject, one).some(({ id }) => id === made?.id));
    if (made === undefined || isHeld) {
      throw new TributaryError('conflict', 'The subject has this role on this resource already.');
    }
    const grants = addGrants(held, [grant]);
    await inConfigWords(
      () => 'policy.resource',
      () => setGrants(context, subject, grants),
    );
    return {
      data: await configPolicy(context, made),
      audited: {
        resourceId: subject.row.id,
        resourceName: subject.kind === 'user' ? subject.row.email : subject.row.name,
        before: { permissions: presentGrants(held) },
        after: { permissions: presentGrants(grants) },
      },
    };
  },
});

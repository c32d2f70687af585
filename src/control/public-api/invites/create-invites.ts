import { type Grant, resourceTypes } from '../../access/grant.ts';
import { InputFailure } from '../../input-failure.ts';
import { makeInvites } from '../../invites/make-invites.ts';
import { type Static, Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, oneOf } from '../frame/schema.ts';
import { LabelInput } from '../models/label.ts';
import { Email } from '../models/user.ts';

const InvitePermission = Type.Object({
  roleId: Id,
  /** The workspace when absent. */
  resources: Type.Optional(
    Type.Array(Type.Object({ id: Id, type: oneOf(resourceTypes) }), { maxItems: 1_000 }),
  ),
  /** Of the workspace's resources, those with one of them. */
  labels: Type.Optional(Type.Array(LabelInput, { maxItems: 100 })),
});

export const createInvites = writeOperation({
  operationId: 'createInvites',
  method: 'POST',
  path: '/invites',
  tag: 'IAM Users',
  summary: 'Invites people, with the roles they will have; no mail is sent',
  permission: 'admin',
  on: 'access',
  perMinute: 60,
  status: 201,
  audit: { type: 'Non-Segment User Invited to Workspace', resourceType: 'invite' },
  body: Type.Object({
    invites: Type.Array(
      Type.Object({
        email: Email,
        permissions: Type.Optional(Type.Array(InvitePermission, { maxItems: 100 })),
      }),
      { minItems: 1, maxItems: 200 },
    ),
  }),
  response: Type.Object({ emails: Type.Array(Type.String()) }),
  handle: async (context, { body }) => {
    const { id } = context.environment.workspace;
    const emails = await makeInvites(
      context,
      body.invites.map(({ email, permissions = [] }, index) => ({
        email,
        grants: permissions.map((given, number) =>
          grantOf(given, id, `invites.${index}.permissions.${number}.labels`),
        ),
      })),
    );
    const [first = ''] = emails;
    const resourceName = emails.length === 1 ? first : `${emails.length} invites`;
    return { data: { emails }, audited: { resourceId: first, resourceName } };
  },
});

/** Throws `input_validation` for labels beside resources that are not the workspace. */
function grantOf(
  { roleId, resources = [], labels = [] }: Static<typeof InvitePermission>,
  workspaceId: string,
  field: string,
): Grant {
  const on = resources.length > 0 ? resources : [{ id: workspaceId, type: 'WORKSPACE' as const }];
  if (labels.length === 0) return { roleId, resources: on };
  if (on.some(({ type }) => type !== 'WORKSPACE')) {
    throw new InputFailure([{ field, message: `"${field}" is only allowed on a WORKSPACE` }]);
  }
  const pairs = labels.map(({ key, value }) => ({ key, value }));
  return { roleId, resources: on.map((resource) => ({ ...resource, labels: pairs })) };
}

import { addGrants } from '../../access/add-grants.ts';
import type { Grant } from '../../access/grant.ts';
import { makeInvites } from '../../invites/make-invites.ts';
import { Email } from '../../public-api/models/user.ts';
import { Type } from '../../schemas/type.ts';
import { configWrite } from '../frame/config-operation.ts';
import { inConfigWords } from '../frame/in-config-words.ts';
import { workspaceName } from '../frame/resource-name.ts';
import { grantedResource, roleOf } from './iam-names.ts';
import { configInvite, findInvite, InviteOutput } from './invite.ts';

export const createInvite = configWrite({
  operationId: 'configCreateInvite',
  method: 'POST',
  path: '/workspaces/{workspace}/invites',
  tag: 'IAM',
  summary: 'Invites somebody, with the roles they will have; no mail is sent',
  permission: 'admin',
  area: 'access',
  audit: { type: 'Non-Segment User Invited to Workspace', resourceType: 'invite' },
  body: Type.Object({
    invite: Type.Object({
      email: Email,
      policies: Type.Optional(
        Type.Array(
          Type.Object({
            role: Type.String({ minLength: 1 }),
            /** The workspace when absent. */
            resource: Type.Optional(Type.String({ minLength: 1 })),
          }),
          { maxItems: 100 },
        ),
      ),
    }),
  }),
  response: InviteOutput,
  handle: async (context, { body: { invite } }) => {
    let grants: readonly Grant[] = [];
    for (const [index, { role, resource }] of (invite.policies ?? []).entries()) {
      const field = `invite.policies.${index}`;
      const { id } = roleOf(context.environment, `${field}.role`, role);
      const name = resource ?? workspaceName(context.environment);
      const on = await grantedResource(context, `${field}.resource`, name);
      grants = addGrants(grants, [{ roleId: id, resources: [on] }]);
    }
    const [email = ''] = await inConfigWords(
      (field) => field.replace('invites.0.permissions', 'invite.policies'),
      () => makeInvites(context, [{ email: invite.email, grants }]),
    );
    return {
      data: await configInvite(context, await findInvite(context, email)),
      audited: { resourceId: email, resourceName: email, after: { emails: [email] } },
    };
  },
});

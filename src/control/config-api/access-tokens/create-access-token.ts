import type { Environment } from '../../environment.ts';
import { InputFailure } from '../../input-failure.ts';
import { presentToken } from '../../public-api/tokens/present-token.ts';
import { Type } from '../../schemas/type.ts';
import { makeToken } from '../../tokens/make-token.ts';
import { configWrite } from '../frame/config-operation.ts';
import { isWorkspace } from '../frame/resource-name.ts';
import { accessToken, NewAccessToken } from './access-token.ts';

const names = Type.Optional(Type.Array(Type.String(), { maxItems: 100 }));

export const createAccessToken = configWrite({
  operationId: 'configCreateAccessToken',
  method: 'POST',
  path: '/access-tokens',
  tag: 'Access Tokens',
  summary: 'Makes an access token for both APIs; `token` is shown this once',
  permission: 'admin',
  area: 'access',
  basic: true,
  audit: { type: 'Access Token Created', resourceType: 'token' },
  body: Type.Object({
    access_token: Type.Object({
      description: Type.Optional(Type.String({ maxLength: 255 })),
      scopes: Type.String(),
      workspace_names: names,
      workspaceNames: names,
    }),
  }),
  response: NewAccessToken,
  handle: async (context, { body: { access_token: given } }) => {
    refuseOtherWorkspaces(context.environment, given.workspace_names ?? given.workspaceNames ?? []);
    const { row, secret } = await makeToken(context, {
      name: given.description ?? '',
      permission: permissionOf(given.scopes),
    });
    return {
      data: { ...accessToken(context, row), token: secret },
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        after: { token: presentToken(row) },
      },
    };
  },
});

function permissionOf(scopes: string): 'read' | 'write' | 'admin' {
  if (scopes === 'workspace') return 'admin';
  if (scopes === 'workspace:write') return 'write';
  if (scopes === 'workspace:read') return 'read';
  const field = 'access_token.scopes';
  const message = `"${field}" must be one of [workspace, workspace:write, workspace:read]`;
  throw new InputFailure([{ field, message }]);
}

function refuseOtherWorkspaces(environment: Environment, given: readonly string[]): void {
  const other = given.find((name) => !isWorkspace(environment, name.replace(/^workspaces\//, '')));
  if (other === undefined) return;
  const field = 'access_token.workspace_names';
  throw new InputFailure([{ field, message: `"${field}": there is no ${other}` }]);
}

import { Type } from '../../schemas/type.ts';
import { findToken } from '../../tokens/find-token.ts';
import { revoke } from '../../tokens/revoke.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentToken } from './present-token.ts';

export const revokeToken = writeOperation({
  operationId: 'revokeToken',
  method: 'DELETE',
  path: '/tokens/{tokenId}',
  tag: 'Tributary',
  summary: 'Revokes an access token at once; not the last with which others can be made',
  permission: 'admin',
  on: 'access',
  audit: { type: 'Access Token Revoked', resourceType: 'token' },
  params: Type.Object({ tokenId: Id }),
  response: StatusOutput,
  handle: async (context, { params }) => {
    const row = await findToken(context.db, params.tokenId);
    await revoke(context, row);
    return {
      data: success,
      audited: {
        resourceId: row.id,
        resourceName: row.name,
        before: { token: presentToken(row) },
      },
    };
  },
});

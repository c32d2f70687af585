import Type from 'typebox';
import { TributaryError } from '../../../core/errors.ts';
import { requireAnAdmin } from '../../access/require-an-admin.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, StatusOutput, success } from '../frame/schema.ts';
import { presentToken } from './present-token.ts';

export const revokeToken = writeOperation({
  operationId: 'revokeToken',
  method: 'DELETE',
  path: '/tokens/{tokenId}',
  tag: 'Tributary',
  summary: 'Revokes an access token at once; the last one with `admin` stays',
  permission: 'admin',
  on: 'access',
  audit: { type: 'Access Token Revoked', resourceType: 'token' },
  params: Type.Object({ tokenId: Id }),
  response: StatusOutput,
  handle: async (context, { params }) => {
    const { db } = context;
    const row = await db
      .selectFrom('token')
      .selectAll()
      .where('id', '=', params.tokenId)
      .executeTakeFirst();
    if (row === undefined) {
      throw new TributaryError('not_found', `Token with id '${params.tokenId}' not found.`);
    }
    await db.deleteFrom('token').where('id', '=', row.id).execute();
    await requireAnAdmin(context);
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

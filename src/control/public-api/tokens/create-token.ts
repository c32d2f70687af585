import { answerStyles } from '../../access/principal.ts';
import { Type } from '../../schemas/type.ts';
import { makeToken } from '../../tokens/make-token.ts';
import { parseIsoTime } from '../frame/iso-time.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id, oneOf } from '../frame/schema.ts';
import { grantsOf, PermissionInput } from '../models/permission.ts';
import { PermissionName, Token } from '../models/token.ts';
import { presentToken } from './present-token.ts';

export const createToken = writeOperation({
  operationId: 'createToken',
  method: 'POST',
  path: '/tokens',
  tag: 'Tributary',
  summary: 'Makes an access token; `secret` is shown this once',
  permission: 'admin',
  on: 'access',
  status: 201,
  audit: { type: 'Access Token Created', resourceType: 'token' },
  body: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 255 }),
    permission: PermissionName,
    /** Whose token it is to be; nobody's when absent: it may then do everything within `permission`. */
    userId: Type.Optional(Id),
    /** Roles of its own, within `permission`. */
    permissions: Type.Optional(Type.Array(PermissionInput, { maxItems: 100 })),
    /** ISO 8601; never when absent. */
    expiresAt: Type.Optional(Type.String({ maxLength: 64 })),
    /** How answers to it are worded; as the server is set when absent. */
    answers: Type.Optional(oneOf(answerStyles)),
  }),
  response: Type.Object({ token: Token, secret: Type.String() }),
  handle: async (context, { body }) => {
    const { expiresAt, permissions, ...given } = body;
    const { row, secret } = await makeToken(context, {
      ...given,
      ...(permissions !== undefined && { grants: grantsOf(permissions) }),
      ...(expiresAt && { expiresAt: parseIsoTime('expiresAt', expiresAt) }),
    });
    return {
      data: { token: presentToken(row), secret },
      audited: { resourceId: row.id, resourceName: row.name },
    };
  },
});

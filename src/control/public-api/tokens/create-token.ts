import Type from 'typebox';
import { tokenHash } from '../../../core/token-hash.ts';
import { newId, newToken } from '../../ids.ts';
import { writeOperation } from '../frame/operation.ts';
import { PermissionName, Token } from '../models/token.ts';
import { presentToken } from './present-token.ts';

export const createToken = writeOperation({
  operationId: 'createToken',
  method: 'POST',
  path: '/tokens',
  tag: 'Tributary',
  summary: 'Makes an access token; `secret` is shown this once',
  permission: 'admin',
  status: 201,
  audit: { type: 'Access Token Created', resourceType: 'token' },
  body: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 255 }),
    permission: PermissionName,
  }),
  response: Type.Object({ token: Token, secret: Type.String() }),
  handle: async ({ db, environment, revision, now }, { body }) => {
    const secret = newToken(environment.random);
    const row = {
      id: newId(environment.random),
      workspace_id: environment.workspace.id,
      position: revision,
      name: body.name,
      hash: tokenHash(secret),
      permission: body.permission,
      created_at: now,
    };
    await db.insertInto('token').values(row).execute();
    return {
      data: { token: presentToken(row), secret },
      audited: { resourceId: row.id, resourceName: row.name },
    };
  },
});

import type { Kysely } from 'kysely';
import Type from 'typebox';
import type { ControlTables } from '../../../core/tables/control-tables.ts';
import { tokenHash } from '../../../core/token-hash.ts';
import { checkGrants } from '../../access/check-grants.ts';
import { answerStyles } from '../../access/principal.ts';
import { newId, newToken } from '../../ids.ts';
import { InputFailure } from '../../input-failure.ts';
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
  handle: async ({ db, environment, revision, now }, { body }) => {
    const secret = newToken(environment.random);
    const expiresAt = body.expiresAt && parseIsoTime('expiresAt', body.expiresAt);
    if (body.userId !== undefined) await refuseUnknownUser(db, body.userId);
    const grants = body.permissions && grantsOf(body.permissions);
    if (grants !== undefined) await checkGrants(db, grants);
    const row = {
      id: newId(environment.random),
      workspace_id: environment.workspace.id,
      position: revision,
      name: body.name,
      hash: tokenHash(secret),
      permission: body.permission,
      created_at: now,
      user_id: body.userId ?? null,
      permissions: grants === undefined ? null : JSON.stringify(grants),
      expires_at: expiresAt || null,
      answers: body.answers ?? null,
    };
    await db.insertInto('token').values(row).execute();
    return {
      data: { token: presentToken({ ...row, last_used_at: null }), secret },
      audited: { resourceId: row.id, resourceName: row.name },
    };
  },
});

async function refuseUnknownUser(db: Kysely<ControlTables>, id: string): Promise<void> {
  const query = db.selectFrom('iam_user').select('id').where('id', '=', id);
  if ((await query.executeTakeFirst()) !== undefined) return;
  throw new InputFailure([{ field: 'userId', message: '"userId" is not a user of the workspace' }]);
}

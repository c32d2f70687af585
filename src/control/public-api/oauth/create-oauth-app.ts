import { newId } from '../../ids.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import {
  OAuthApp,
  OAuthName,
  OAuthScopes,
  PublicKeyText,
  TokenLifetime,
} from '../models/oauth-app.ts';
import { connectSource } from './connect-source.ts';
import { insertKey } from './insert-key.ts';
import { ensureOAuthSecret } from './oauth-secret.ts';
import { presentOAuthApp } from './read-oauth-app.ts';

export const createOAuthApp = writeOperation({
  operationId: 'createOAuthApp',
  method: 'POST',
  path: '/oauth/apps',
  tag: 'Tributary',
  summary: 'Makes an OAuth app; its id is the client id',
  permission: 'write',
  on: 'source',
  status: 201,
  audit: { type: 'OAuth App Created', resourceType: 'oauth_app' },
  body: Type.Object({
    name: OAuthName,
    publicKey: Type.Optional(PublicKeyText),
    publicKeyName: Type.Optional(OAuthName),
    /** `tracking_api:write` alone when absent. */
    scopes: Type.Optional(OAuthScopes),
    /** `1d` when absent. */
    tokenLifetime: Type.Optional(TokenLifetime),
    sourceIds: Type.Optional(Type.Array(Id, { maxItems: 1_000 })),
  }),
  response: Type.Object({ app: OAuthApp }),
  handle: async ({ db, environment, revision, now }, { body }) => {
    await ensureOAuthSecret(db, environment);
    const id = newId(environment.random);
    const { name, publicKey, scopes = ['tracking_api:write'], tokenLifetime = '1d' } = body;
    await db
      .insertInto('oauth_app')
      .values({
        id,
        workspace_id: environment.workspace.id,
        position: revision,
        name,
        scopes: JSON.stringify([...new Set(scopes)]),
        token_lifetime: tokenLifetime,
        generation: 0,
        created_at: now,
      })
      .execute();
    if (publicKey !== undefined) {
      const keyId = newId(environment.random);
      const key = { id: keyId, appId: id, name: body.publicKeyName, publicKey };
      await insertKey(db, { ...key, position: revision, now });
    }
    for (const sourceId of body.sourceIds ?? []) await connectSource(db, id, sourceId, revision);
    return {
      data: { app: await presentOAuthApp(db, id) },
      audited: { resourceId: id, resourceName: name },
    };
  },
});

import { newId } from '../../ids.ts';
import { Type } from '../../schemas/type.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { OAuthApp, OAuthName, PublicKeyText } from '../models/oauth-app.ts';
import { insertKey } from './insert-key.ts';
import { findOAuthApp, presentOAuthApp } from './read-oauth-app.ts';

export const addOAuthKey = writeOperation({
  operationId: 'addOAuthKey',
  method: 'POST',
  path: '/oauth/apps/{appId}/keys',
  tag: 'Tributary',
  summary: 'Adds a public key to an OAuth app, which has at most two; both hold',
  permission: 'write',
  on: 'source',
  status: 201,
  audit: { type: 'OAuth App Modified', resourceType: 'oauth_app' },
  params: Type.Object({ appId: Id }),
  body: Type.Object({ publicKey: PublicKeyText, name: Type.Optional(OAuthName) }),
  response: Type.Object({ keyId: Type.String(), app: OAuthApp }),
  handle: async ({ db, environment, revision, now }, { params, body }) => {
    const row = await findOAuthApp(db, params.appId);
    const before = { app: await presentOAuthApp(db, row.id) };
    const id = newId(environment.random);
    const { name, publicKey } = body;
    await insertKey(db, { id, appId: row.id, name, publicKey, position: revision, now });
    return {
      data: { keyId: id, app: await presentOAuthApp(db, row.id) },
      audited: { resourceId: row.id, resourceName: row.name, before },
    };
  },
});

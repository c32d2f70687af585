import { newWriteKey } from '../../ids.ts';
import { Type } from '../../schemas/type.ts';
import { findSource } from '../../sources/find-source.ts';
import { parseIsoTime } from '../frame/iso-time.ts';
import { writeOperation } from '../frame/operation.ts';
import { Id } from '../frame/schema.ts';
import { KeyMode, WriteKey } from '../models/write-key.ts';
import { findWriteKey, presentWriteKey, refuseTakenKey } from './read-write-key.ts';

export const createWriteKey = writeOperation({
  operationId: 'createWriteKey',
  method: 'POST',
  path: '/sources/{sourceId}/write-keys',
  tag: 'Tributary',
  summary: 'Adds a live or test write key; the others stay valid',
  permission: 'write',
  on: { source: 'sourceId' },
  status: 201,
  audit: { type: 'Source Modified', resourceType: 'source' },
  params: Type.Object({ sourceId: Id }),
  body: Type.Object({
    /** One that clients carry already, brought from elsewhere; a new one is made when absent. */
    writeKey: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{8,128}$' })),
    /** `live` when absent; it never changes. */
    mode: Type.Optional(KeyMode),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    /** ISO 8601; never when absent. */
    expiresAt: Type.Optional(Type.String({ maxLength: 64 })),
  }),
  response: Type.Object({ writeKey: WriteKey }),
  handle: async ({ db, environment, revision, now }, { params, body }) => {
    const source = await findSource(db, params.sourceId);
    const expires = body.expiresAt && parseIsoTime('expiresAt', body.expiresAt);
    if (body.writeKey !== undefined) await refuseTakenKey(db, body.writeKey);
    const writeKey = body.writeKey ?? newWriteKey(environment.random, source.region);
    await db
      .insertInto('write_key')
      .values({
        write_key: writeKey,
        source_id: source.id,
        position: revision,
        created_at: now,
        mode: body.mode ?? 'live',
        name: body.name ?? null,
        expires_at: expires || null,
      })
      .execute();
    return {
      data: { writeKey: presentWriteKey(await findWriteKey(db, source.id, writeKey), now) },
      audited: { resourceId: source.id, resourceName: source.name },
    };
  },
});

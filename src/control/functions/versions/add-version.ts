import { limits } from '../../../core/limits.ts';
import type { WriteContext } from '../../context.ts';
import { newId } from '../../ids.ts';

/** Keeps code as the latest version of a function. Of more than are kept the oldest goes that is not deployed. */
export async function addVersion(
  { db, environment, principal, revision, now }: WriteContext,
  functionId: string,
  code: string,
): Promise<string> {
  const id = newId(environment.random);
  await db
    .insertInto('function_version')
    .values({
      id,
      function_id: functionId,
      position: revision,
      author: principal.email ?? principal.actor,
      code,
      deployed: 0,
      deployed_at: null,
      created_at: now,
      updated_at: now,
    })
    .execute();
  const versions = db.selectFrom('function_version').where('function_id', '=', functionId);
  const { count } = await versions
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  if (Number(count) <= limits.functionVersions) return id;
  const oldest = await versions
    .select('id')
    .where('deployed', '=', 0)
    .orderBy('position')
    .limit(1)
    .executeTakeFirstOrThrow();
  await db.deleteFrom('function_version').where('id', '=', oldest.id).execute();
  return id;
}

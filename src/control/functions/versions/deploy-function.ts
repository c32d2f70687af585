import { Script } from 'node:vm';
import type { WriteContext } from '../../context.ts';
import { InputFailure } from '../../input-failure.ts';
import type { FunctionRow } from '../find-function.ts';
import { latestVersion, type VersionRow } from './find-version.ts';

/** Makes the latest version the deployed one. Throws `input_validation` when its code is no JavaScript. */
export async function deployFunction(
  { db, now }: WriteContext,
  row: FunctionRow,
): Promise<VersionRow> {
  const latest = await latestVersion(db, row.id);
  refuseBroken(latest.code);
  await db
    .updateTable('function_version')
    .set({ deployed: 0, updated_at: now })
    .where('function_id', '=', row.id)
    .where('deployed', '=', 1)
    .where('id', '!=', latest.id)
    .execute();
  await db
    .updateTable('function_version')
    .set({ deployed: 1, deployed_at: now, updated_at: now })
    .where('id', '=', latest.id)
    .execute();
  return { ...latest, deployed: 1, deployed_at: now };
}

/** Only reads the code: nothing of it runs here. */
function refuseBroken(code: string): void {
  try {
    new Script(code, { filename: 'function.js' });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const line = /function\.js:(\d+)/.exec(error.stack ?? '')?.[1] ?? '1';
    const message = `"code" is no JavaScript, at line ${line}: ${error.message}`;
    throw new InputFailure([{ field: 'code', message }]);
  }
}

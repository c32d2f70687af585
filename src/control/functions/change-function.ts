import type { WriteContext } from '../context.ts';
import { checkDeclared, type DeclaredSetting } from './declared-settings.ts';
import { ownName } from './display-name.ts';
import { type FunctionRow, findFunction } from './find-function.ts';
import { sealWhereUsed } from './seal-where-used.ts';
import { addVersion } from './versions/add-version.ts';
import { latestVersion } from './versions/find-version.ts';

export interface FunctionChange {
  readonly displayName?: string;
  readonly code?: string;
  /** '': none. */
  readonly description?: string;
  readonly logoUrl?: string;
  /** All of them. */
  readonly settings?: readonly DeclaredSetting[];
}

/**
 * Changes a function; what is absent stays. Other code becomes a version, and what is deployed runs on. Throws
 * `input_validation`, with the fields.
 */
export async function changeFunction(
  context: WriteContext,
  row: FunctionRow,
  change: FunctionChange,
): Promise<FunctionRow> {
  const { db, environment, now } = context;
  const { displayName, code, settings } = change;
  if (settings !== undefined) checkDeclared(settings);
  const { description = row.description, logoUrl = row.logo_url } = change;
  await db
    .updateTable('user_function')
    .set({
      display_name:
        displayName === undefined
          ? row.display_name
          : ownName(environment, row.resource_type, displayName),
      description: description || null,
      logo_url: logoUrl || null,
      settings: settings === undefined ? row.settings : JSON.stringify(settings),
      updated_at: now,
    })
    .where('id', '=', row.id)
    .execute();
  if (settings !== undefined) await sealWhereUsed(context, row.id, settings);
  if (code !== undefined && code !== (await latestVersion(db, row.id)).code) {
    await addVersion(context, row.id, code);
  }
  return findFunction(db, row.id);
}

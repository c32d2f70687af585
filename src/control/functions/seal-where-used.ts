import type { WriteContext } from '../context.ts';
import type { DeclaredSetting } from './declared-settings.ts';
import { changedInstanceSettings } from './instances/instance-settings.ts';
import { catalogIdOf } from './workspace-kinds.ts';

/** Seals what was set of settings that have become sensitive. What is sensitive no more stays sealed until it is set anew. */
export async function sealWhereUsed(
  { db, environment }: Pick<WriteContext, 'db' | 'environment'>,
  functionId: string,
  declared: readonly DeclaredSetting[],
): Promise<void> {
  const sealed = (id: string, settings: string): string =>
    JSON.stringify(
      changedInstanceSettings(
        environment.secrets,
        id,
        declared,
        JSON.parse(settings),
        {},
        'nothing',
      ),
    );
  const instances = await db
    .selectFrom('function_instance')
    .select(['id', 'settings'])
    .where('function_id', '=', functionId)
    .execute();
  for (const { id, settings } of instances) {
    await db
      .updateTable('function_instance')
      .set({ settings: sealed(id, settings) })
      .where('id', '=', id)
      .execute();
  }
  for (const table of ['source', 'destination'] as const) {
    const rows = await db
      .selectFrom(table)
      .select(['id', 'settings'])
      .where('metadata_id', '=', catalogIdOf(functionId))
      .execute();
    for (const { id, settings } of rows) {
      await db
        .updateTable(table)
        .set({ settings: sealed(id, settings) })
        .where('id', '=', id)
        .execute();
    }
  }
}

import { join } from 'node:path';
import type { LogEngine } from '../../core/event-log.ts';
import type { StateStore } from '../../core/state.ts';
import type { WorkTables } from '../../core/tables/work-tables.ts';
import type { NodeContext } from './node-context.ts';
import { secretFile } from './secret-file.ts';

interface DedupeSecretOptions extends Pick<NodeContext, 'config' | 'logger'> {
  readonly engine: LogEngine;
  readonly store: StateStore<WorkTables>;
  /** Something was hashed with it before. */
  readonly inUse: boolean;
}

const name = 'dedupe';

/**
 * The secret that message ids are hashed with: 16 bytes, in the data folder. Where several nodes work on the
 * same logs they must share it: the first one's is kept in the state store, and holds for all.
 */
export async function dedupeSecret(options: DedupeSecretOptions): Promise<Buffer> {
  const { config, engine, inUse, logger, store } = options;
  const file = join(config.data, 'dedupe-secret');
  if (!engine.outlivesNode) return secretFile(file, inUse, logger);
  const shared = await find(store);
  if (shared !== undefined) return shared;
  const own = secretFile(file, inUse, logger);
  await store.db
    .insertInto('shared_secret')
    .values({ name, value: own.toString('hex') })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await find(store)) ?? own;
}

async function find(store: StateStore<WorkTables>): Promise<Buffer | undefined> {
  const row = await store.db
    .selectFrom('shared_secret')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst();
  return row && Buffer.from(row.value, 'hex');
}
